"""A whole OpenStack Swift with its S3 API in one process: `swift_server.py FOLDER PORT`.

Account, container, object and proxy server run as the green threads that Swift makes of its servers anyway; no
memcached, no daemons. Objects stay in FOLDER, so a server started again on it goes on where the last one ended.
Ends when its standard input does, that is with the process that started it. Needs Debian's python3-swift.
"""

import os
import sys

import eventlet
import eventlet.wsgi
from swift.common import storage_policy, utils, wsgi
from swift.common.ring import RingBuilder

ACCESS_KEY, SECRET = "test:tester", "testing"

# Listings follow a write at once only while the container server answers in time: never give up on a busy machine.
PATIENCE = """
conn_timeout = 10
node_timeout = 60
container_update_timeout = 60
"""

STORAGE = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
bind_ip = 127.0.0.1
log_level = ERROR

[pipeline:main]
pipeline = {kind}-server

[app:{kind}-server]
use = egg:swift#{kind}
{patience}
"""

# tempauth wants the name of a memcached, but works as well when none answers there.
PROXY = """
[DEFAULT]
swift_dir = {folder}
bind_ip = 127.0.0.1
log_level = ERROR

[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
{patience}

[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1

[filter:s3api]
use = egg:swift#s3api
location = us-east-1

[filter:tempauth]
use = egg:swift#tempauth
user_{user} = {secret} .admin
"""

FILTERS = "".join(
    f"\n[filter:{name}]\nuse = egg:swift#{name}\n"
    for name in ["catch_errors", "gatekeeper", "listing_formats", "bulk", "copy", "slo", "dlo", "versioned_writes"]
)


def write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def make_ring(folder: str, kind: str, port: int) -> None:
    """One device, one replica, sixteen partitions."""
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, f"{kind}.ring.gz"))


def serve(config: str, name: str, listener) -> None:
    """As Swift's own run_server, which would give each server of this process an event loop of its own."""
    app = wsgi.loadapp(config, global_conf={"log_name": name})
    eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        utils.NullLogger(),
        protocol=wsgi.SwiftHttpProtocol,
        capitalize_response_headers=False,
    )


def main(folder: str, port: int) -> None:
    utils.eventlet_monkey_patch()
    os.makedirs(os.path.join(folder, "devices", "d1"), exist_ok=True)
    write(folder, "swift.conf", "[swift-hash]\nswift_hash_path_suffix = tests\n\n[storage-policy:0]\nname = one\n")
    utils.set_swift_dir(folder)
    storage_policy.reload_storage_policies()

    listeners = {}
    for kind in ["account", "container", "object"]:
        listeners[kind] = eventlet.listen(("127.0.0.1", 0))
        make_ring(folder, kind, listeners[kind].getsockname()[1])
    for kind, listener in listeners.items():
        config = write(folder, f"{kind}-server.conf", STORAGE.format(folder=folder, kind=kind, patience=PATIENCE))
        serve(config, f"{kind}-server", listener)
    user = ACCESS_KEY.replace(":", "_")
    proxy = PROXY.format(folder=folder, user=user, secret=SECRET, patience=PATIENCE) + FILTERS
    serve(write(folder, "proxy-server.conf", proxy), "proxy-server", eventlet.listen(("127.0.0.1", port)))

    eventlet.hubs.trampoline(sys.stdin.fileno(), read=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
