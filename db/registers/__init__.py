"""The registers, one file each; none imports another."""
