"""Texts that nothing was tuned on, each with questions: is the fused search better than its parts there too?

The texts are invented, in the style of public sets: a financial regulator's rulebook (ObliQA), privacy
notices (PolicyQA), a Dutch municipality's information for its inhabitants. Never fit anything on them.
"""
