"""What tests of whole studies share: names of indicators and types, study files, tables as dicts."""
import csv
import math

SIX = ["specialisation", "hierarchy", "internal_reach", "related_variety", "disassortativity",
       "external_reach"]
TYPES = ["path-dependent", "resilient", "centrifugal", "other"]


def study_text(*settings):
    """A study file of the two years of support/small_network.py, and these settings behind it."""
    return "\n".join(["[study]", "years = [2010, 2020]", "[input]", 'firms = "firms_{year}.csv"',
                      'trade = "trade_{year}.csv"', *settings, ""])


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else math.nan
