"""Runs the vectors of one contract against its package: `run_vectors.py <folder of packages> <package> <vectors>`."""

import base64
import importlib
import json
import sys

folder, package, vectors = sys.argv[1:]
sys.path.insert(0, folder)
module = importlib.import_module(f"hookwright_webhooks.{package}")
for name in module.__all__:
    getattr(module, name)
with open(vectors, encoding="utf-8") as file:
    cases = json.load(file)["vectors"]
for case in cases:
    webhook = module.Webhook(case["secrets"], now=lambda: case["now"] / 1000)
    try:
        webhook.verify(base64.b64decode(case["bodyBase64"]), case["headers"])
        got = None
    except module.WebhookError as error:
        got = error.code
    expected = case["expect"].get("code")
    if got != expected:
        print(f"{case['name']}: expected {expected}, got {got}")
print(f"{len(cases)} vectors")
