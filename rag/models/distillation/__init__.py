"""Teaching the bundled model further languages from parallel text (`python -m rag distil`)."""

from rag.models.distillation.run import distil
from rag.models.distillation.settings import Adoption, DistillationSettings, SourcePlan
from rag.models.distillation.shipped import shipped_settings

__all__ = ["Adoption", "DistillationSettings", "SourcePlan", "distil", "shipped_settings"]
