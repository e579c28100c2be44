"""Starts a kernel, runs a cell that shows a table, and prints the seconds that each has taken."""
import time

from jupyter_client.manager import KernelManager

manager = KernelManager(kernel_name="headrace-java")
begin = time.time()
manager.start_kernel()
client = manager.client()
client.start_channels()
try:
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    ready = time.time()
    client.execute("session.range(3)")
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "error":
            raise RuntimeError("\n".join(message["content"]["traceback"]))
        if message["msg_type"] == "execute_result":
            break
    table = time.time()
finally:
    client.stop_channels()
    manager.shutdown_kernel()
print(ready - begin, table - ready)
