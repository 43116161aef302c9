"""What days since say: is trouble over, does a version that was put back do well."""
