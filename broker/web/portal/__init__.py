"""The portal: pages for people without an account, in an application that serves nothing else."""
