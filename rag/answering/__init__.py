"""From hits to an answer: choosing the sources' own sentences, verifying support, abstaining."""
