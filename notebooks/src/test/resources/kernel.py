"""Runs cells in a kernel and prints what comes of them, as a line of JSON each. Cells come from standard input, a line
of JSON each: {"code": ...}, with {"interrupt": true} if the cell is interrupted when it shows something first;
{"complete": code} and {"inspect": code} ask what may stand, or stands, at the end of the code."""
import json
import signal
import sys
import time

from jupyter_client.manager import KernelManager

# As in the background of a shell. The kernel inherits that, and must be interruptible all the same.
signal.signal(signal.SIGINT, signal.SIG_IGN)
PATIENCE_SECONDS = 300

manager = KernelManager(kernel_name="headrace-java")
start = time.time()
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=PATIENCE_SECONDS)
print(json.dumps({"ready": time.time() - start}), flush=True)


def run(cell):
    if "complete" in cell:
        code = cell["complete"]
        return client.complete(code, len(code), reply=True, timeout=PATIENCE_SECONDS)["content"]
    if "inspect" in cell:
        code = cell["inspect"]
        return client.inspect(code, len(code), reply=True, timeout=PATIENCE_SECONDS)["content"]
    begin = time.time()
    request = client.execute(cell["code"])
    interrupted = None
    result = {"outputs": [], "updates": [], "text": "", "error": None}
    while True:
        if time.time() - begin > PATIENCE_SECONDS:
            raise TimeoutError("no end of the cell: " + cell["code"])
        message = client.get_iopub_msg(timeout=PATIENCE_SECONDS)
        kind, content = message["msg_type"], message["content"]
        mine = message["parent_header"].get("msg_id") == request
        if kind == "status" and content["execution_state"] == "idle" and mine:
            break
        if kind in ("execute_result", "display_data"):
            result["outputs"].append(content["data"])
        elif kind == "update_display_data":
            result["updates"].append(content["data"])
        elif kind == "stream" and content["name"] == "stdout":
            result["text"] += content["text"]
        elif kind == "error":
            result["error"] = "\n".join(content["traceback"])
        if "interrupt" in cell and interrupted is None and mine and kind in ("display_data", "stream"):
            manager.interrupt_kernel()
            interrupted = time.time()
    result["seconds"] = time.time() - begin
    if interrupted is not None:
        result["interrupted"] = time.time() - interrupted
    return result


try:
    for line in sys.stdin:
        cell = json.loads(line)
        print(json.dumps(run(cell)), flush=True)
finally:
    # On a busy machine five seconds are too few to stop a stream.
    manager.shutdown_wait_time = 30.0
    manager.shutdown_kernel()
print(json.dumps({"alive": manager.is_alive()}), flush=True)
