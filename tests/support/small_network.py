#!/usr/bin/env python3
"""Writes a small made-up nation for tests and for the demonstration without a network.

Usage: small_network.py DIR [--firms N] [--seed S] [--years 2010,2020]

A few dense towns with specialities and a scattered countryside, at Korean latitudes; firms trade
mostly with near firms and with a few large ones. Per year DIR gets
  firms_YEAR.csv  id,lon,lat,industry,region,employees and the attributes below
  trade_YEAR.csv  supplier,buyer,amount,count
The same arguments give the same bytes on every machine. A twentieth of the firms has no place, and
about a fifth no link; from one year to the next a tenth of the firms is replaced.
"""

import argparse
import csv
import math
import random
from pathlib import Path

# name, lon, lat, share of all firms, spread in degrees, industries (most frequent first)
TOWNS = [
    ("north harbour", 126.70, 37.45, 0.24, 0.010, ["C29", "C25", "C24"]),
    ("capital", 127.02, 37.52, 0.22, 0.008, ["J62", "M70", "G46"]),
    ("inland", 127.40, 36.35, 0.14, 0.008, ["M70", "J62", "C26"]),
    ("south coast", 128.60, 35.20, 0.15, 0.010, ["C31", "C25", "C29"]),
    ("old mill town", 128.58, 35.88, 0.10, 0.006, ["C13", "C14", "G46"]),
]
INDUSTRIES = sorted({code for town in TOWNS for code in town[5]})
ATTRIBUTES = ["employees_1", "employees_2", "revenue", "net_income", "operating_income",
              "value_added", "rd", "patents", "iso", "tangible_assets", "intangible_assets",
              "total_assets", "founded", "status"]
SILENT = 0.15  # share of cells of the attributes that are empty
LONELY = 0.2  # share of firms without a link
PLACELESS = 0.05
REPLACED = 0.1  # share of firms that leave and enter between two years
LINKS_PER_FIRM = 4.5


def draw_firm(rng, number):
    firm = {"id": f"{number:06d}", "employees": int(math.exp(rng.gauss(2.0, 1.1))) + 1}
    mark, town = rng.random(), None
    for candidate in TOWNS:
        mark -= candidate[3]
        if mark < 0:
            town = candidate
            break
    if town is None:
        lon, lat = rng.uniform(126.5, 129.3), rng.uniform(34.8, 37.8)
        firm.update(region="countryside", industry=rng.choice(INDUSTRIES))
    else:
        name, lon, lat, _, spread, codes = town
        lon, lat = rng.gauss(lon, spread), rng.gauss(lat, spread)
        firm.update(region=name, industry=rng.choices(codes, weights=[6, 3, 1])[0])
    firm["industry"] += str(rng.randint(1, 3))
    placeless = rng.random() < PLACELESS
    firm["lon"], firm["lat"] = ("", "") if placeless else (f"{lon:.6f}", f"{lat:.6f}")
    firm["active"] = rng.random() >= LONELY
    firm["pull"] = rng.paretovariate(1.3)
    return firm


def attributes(firm, year, seed):
    """What a firm reports in a year: a list parallel to ATTRIBUTES, empty where it does not. Drawn
    for each firm by itself, so that the rest of the nation does not depend on it."""
    rng = random.Random(f"{seed} {firm['id']} {year}")
    founded = random.Random(f"{seed} {firm['id']}").randint(1970, int(year))
    staff = firm["employees"]
    revenue = round(staff * math.exp(rng.gauss(11, 1)))
    assets = round(revenue * rng.uniform(0.3, 2))
    tangible = round(assets * rng.uniform(0, 0.8))
    values = [max(0, staff + rng.randint(-3, 3)), max(0, staff + rng.randint(-5, 4)), revenue,
              round(revenue * rng.gauss(0.03, 0.1), 2), round(revenue * rng.gauss(0.04, 0.1), 2),
              round(revenue * rng.uniform(0.05, 0.5), 2), round(revenue * rng.random() ** 6, 2),
              int(rng.expovariate(2)), int(rng.expovariate(3)), tangible,
              round((assets - tangible) * rng.random() ** 3), assets, founded,
              rng.choices(["open", "suspended", "closed"], weights=[17, 2, 1])[0]]
    return ["" if rng.random() < SILENT else value for value in values]


def draw_trade(rng, firms):
    """Suppliers uniform, buyers by pull: two of three in the supplier's own town."""
    active = [firm for firm in firms if firm["active"]]
    near = {}
    for firm in active:
        near.setdefault(firm["region"], []).append(firm)
    pulls = {region: [firm["pull"] for firm in group] for region, group in near.items()}
    everywhere = [firm["pull"] for firm in active]
    links = {}
    for _ in range(int(LINKS_PER_FIRM * len(active))):
        supplier = rng.choice(active)
        region = supplier["region"]
        if rng.random() < 2 / 3:
            buyer = rng.choices(near[region], weights=pulls[region])[0]
        else:
            buyer = rng.choices(active, weights=everywhere)[0]
        if buyer is not supplier:
            count = rng.randint(1, 12)
            links[supplier["id"], buyer["id"]] = (int(math.exp(rng.gauss(8, 1.5))) * count, count)
    return links


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--firms", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", default="2010,2020")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    firms, number = [], 0
    for year in arguments.years.split(","):
        firms = [firm for firm in firms if rng.random() >= REPLACED]
        while len(firms) < arguments.firms:
            number += 1
            firms.append(draw_firm(rng, number))
        columns = ["id", "lon", "lat", "industry", "region", "employees"]
        write(arguments.folder / f"firms_{year}.csv", columns + ATTRIBUTES,
              [[firm[column] for column in columns] + attributes(firm, year, arguments.seed)
               for firm in firms])
        links = draw_trade(rng, firms)
        write(arguments.folder / f"trade_{year}.csv", ["supplier", "buyer", "amount", "count"],
              [[*pair, *links[pair]] for pair in sorted(links)])


if __name__ == "__main__":
    main()
