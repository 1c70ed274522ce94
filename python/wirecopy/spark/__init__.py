"""wirecopy on Spark: the same functions over DataFrames, with the same answers.

- `dedup`: which texts are copies of one another, and which to keep.

PySpark is needed only here: ``pip install "wirecopy[spark]"``. Texts reach the core as Arrow batches.
"""

from __future__ import annotations

from wirecopy._optional import optional

optional("pyspark", "wirecopy.spark", "spark")
optional("pyarrow", "wirecopy.spark", "spark")

from wirecopy.spark._session import require_pyspark, session  # noqa: E402

require_pyspark()

from wirecopy.spark._dedup import SparkDedup, dedup  # noqa: E402

__all__ = ["SparkDedup", "dedup", "session"]
