"""Other retrieval libraries, plain as their tutorials have them, on the same texts and questions."""
