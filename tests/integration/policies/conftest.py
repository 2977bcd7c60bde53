from rulebook_fixtures import bases, folder, rulebook

__all__ = ["bases", "folder", "rulebook"]
