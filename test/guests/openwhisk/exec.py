# An ActionLoop program in Python, beside a folder `action` whose main.py has the function main.
import json
import os
import sys
import traceback

answers = os.fdopen(3, "w")
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
os.chdir(os.path.dirname(os.path.abspath(__file__)))
from action.main import main

if os.getenv("__OW_WAIT_FOR_ACK"):
    print(json.dumps({"ok": True}), file=answers, flush=True)
for line in sys.stdin:
    request = json.loads(line)
    for key, value in request.items():
        if key != "value":
            os.environ["__OW_" + key.upper()] = value if isinstance(value, str) else json.dumps(value)
    try:
        answer = main(request.get("value", {}))
    except Exception as error:
        traceback.print_exc()
        answer = {"error": str(error)}
    sys.stdout.flush()
    sys.stderr.flush()
    print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)
