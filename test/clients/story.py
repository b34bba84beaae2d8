"""What python.test.ts has Python do; a line for each thing that went well."""
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

config.load_kube_config()
core = client.CoreV1Api()
NAMESPACE = "default"


def said(what):
    print(what, flush=True)


names = [node.metadata.name for node in core.list_node().items]
assert names == ["podsim-control-plane", "podsim-worker"], names
try:
    core.read_namespaced_pod("none", NAMESPACE)
    raise AssertionError("found")
except ApiException as error:
    assert error.status == 404 and '"reason":"NotFound"' in error.body, error
said("list")

script = 'echo started; while read line; do echo got $line; done'
container = {"name": "c", "image": "busybox:1.36", "command": ["sh", "-c", script], "stdin": True}
pod = {"metadata": {"name": "talker", "labels": {"app": "talker"}}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 1}}
made = core.create_namespaced_pod(NAMESPACE, pod)
assert made.spec.node_name is None and made.metadata.creation_timestamp is not None
said("create")

patched = core.patch_namespaced_pod("talker", NAMESPACE, {"metadata": {"labels": {"tier": "x"}}})
assert patched.metadata.labels == {"app": "talker", "tier": "x"}, patched.metadata.labels
core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "one"}, "data": {"a": "1"}})
operations = [{"op": "replace", "path": "/data/a", "value": "2"}]
assert core.patch_namespaced_config_map("one", NAMESPACE, operations).data == {"a": "2"}
said("patch")

watcher = watch.Watch()
for event in watcher.stream(core.list_namespaced_pod, NAMESPACE, label_selector="app=talker", timeout_seconds=600):
    statuses = event["object"].status.container_statuses or []
    if statuses and statuses[0].ready:
        watcher.stop()
assert core.read_namespaced_pod_status("talker", NAMESPACE).status.phase == "Running"
said("watch")

assert core.read_namespaced_pod_log("talker", NAMESPACE) == "started\n"
said("logs")

connect = core.connect_get_namespaced_pod_exec
out = stream(connect, "talker", NAMESPACE, command=["echo", "hello"], stderr=True, stdin=False, stdout=True, tty=False)
assert out == "hello\n", repr(out)
session = stream(connect, "talker", NAMESPACE, command=["sh", "-c", "read a; echo $a; exit 3"], stderr=True, stdin=True, stdout=True, tty=False, _preload_content=False)
session.write_stdin("typed\n")
session.run_forever(timeout=10)
assert session.read_stdout() == "typed\n" and session.returncode == 3, session.returncode
said("exec")

core.create_namespaced_pod(NAMESPACE, {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}})
for event in watcher.stream(core.list_namespaced_pod, NAMESPACE, field_selector="metadata.name=web", timeout_seconds=600):
    if event["object"].status.phase == "Running":
        watcher.stop()
forward = portforward(core.connect_get_namespaced_pod_portforward, "web", NAMESPACE, ports="80")
connection = forward.socket(80)
connection.setblocking(True)
connection.sendall(b"GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
answer = b""
while part := connection.recv(65536):
    answer += part
connection.close()
assert b"Welcome to nginx!" in answer, answer
said("port-forward")

core.delete_namespaced_config_map("one", NAMESPACE)
core.delete_namespaced_pod("talker", NAMESPACE)
for event in watcher.stream(core.list_namespaced_pod, NAMESPACE, label_selector="app=talker", timeout_seconds=600):
    if event["type"] == "DELETED":
        watcher.stop()
said("delete")
