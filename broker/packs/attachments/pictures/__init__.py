"""Photographs and pictures: written anew from what is allowed in them, and drawn as page images.

Documents belong elsewhere; they come here with the pictures that they hold.
"""
