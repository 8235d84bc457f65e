"""Finding passages: what is indexed, the two legs, their fusion, generations on disk."""
