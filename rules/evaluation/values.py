"""What the evaluator computes: constants, project things, and terms for what it cannot compute.

A term (`Application`, `Member`, `Item`, `Operation`, `Symbol`) stands for a value that exists only at
run time and says how it came to be. Values compare by identity.
"""

from __future__ import annotations

from rules.evaluation.known_values import (
    Arguments,
    ClassValue,
    Const,
    Decoration,
    Deferred,
    Dictionary,
    External,
    FieldValue,
    FunctionValue,
    Instance,
    ModuleValue,
    Origin,
    Parametrized,
    Scalar,
    Sequence,
    Unknown,
    Value,
)
from rules.evaluation.term_values import (
    MAX_ALTERNATIVES,
    Alternative,
    Application,
    Choice,
    Condition,
    Effect,
    Item,
    Member,
    Operation,
    Symbol,
    alternatives,
    choose,
)

__all__ = [
    "MAX_ALTERNATIVES",
    "Alternative",
    "Application",
    "Arguments",
    "Choice",
    "ClassValue",
    "Condition",
    "Const",
    "Decoration",
    "Deferred",
    "Dictionary",
    "Effect",
    "External",
    "FieldValue",
    "FunctionValue",
    "Instance",
    "Item",
    "Member",
    "ModuleValue",
    "Operation",
    "Origin",
    "Parametrized",
    "Scalar",
    "Sequence",
    "Symbol",
    "Unknown",
    "Value",
    "alternatives",
    "choose",
]
