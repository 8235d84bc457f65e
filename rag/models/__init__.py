"""Wrappers of models: embedding, reranking, chat, token counts, language identification."""
