"""Writes bm25-oracle.json: BM25 as FTS5 documents it, computed without SQLite.

    python3 bm25-oracle.py < rows.json > bm25-oracle.json

rows.json: {"rows": [{"id", "title", "section", "text"}], "queries": [[word, ...]]}. Tokens: runs of letters and digits,
lower case, without accents, stemmed by Porter's original algorithm.
"""

import json
import math
import re
import sys
import unicodedata

import nltk
from nltk.stem.porter import PorterStemmer

K1, B = 1.2, 0.75
WEIGHTS = {"title": 2.0, "section": 1.5, "text": 1.0}
stemmer = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)


def tokens(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", plain.lower())
    return [stemmer.stem(word) if len(word) > 2 else word for word in words]


source = json.load(sys.stdin)
rows = [{name: tokens(row[name]) for name in WEIGHTS} for row in source["rows"]]
lengths = [sum(len(column) for column in row.values()) for row in rows]
average = sum(lengths) / len(rows)

results = []
for words in source["queries"]:
    scores = {}
    for word in words:
        phrase = tokens(word)
        assert len(phrase) == 1
        counts = [sum(w * row[name].count(phrase[0]) for name, w in WEIGHTS.items()) for row in rows]
        holding = sum(1 for count in counts if count > 0)
        idf = max(math.log((len(rows) - holding + 0.5) / (holding + 0.5)), 1e-6)
        for at, count in enumerate(counts):
            if count > 0:
                norm = K1 * (1 - B + B * lengths[at] / average)
                scores[at] = scores.get(at, 0.0) + idf * count * (K1 + 1) / (count + norm)
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    results.append({"words": words, "scores": {source["rows"][at]["id"]: score for at, score in best}})

json.dump({"oracle": f"Python {sys.version.split()[0]}, nltk {nltk.__version__}", "queries": results}, sys.stdout, indent=1)
sys.stdout.write("\n")
