/** A node's end of the network: who listens on its own ports, what goes out from its sandboxes, what it asks of them. */

import type { FakeRuntime } from './fake-runtime.js';
import { imageDataOf } from './host.js';
import { runUntil } from './processes.js';
import type { Sandboxes } from './sandboxes.js';
import { type Requester, requestFrom, servedRequest } from './serving.js';
import { keys, portKey, type SandboxRecord } from './state.js';

type Connections = Pick<FakeRuntime, 'onHost' | 'nextConnection' | 'affinity' | 'serve' | 'request' | 'repeat'>;

export function createConnections(requester: Requester, { load, save }: Sandboxes): Connections {
  const { context } = requester;
  const { node, state } = context;
  return {
    onHost(port, protocol, address) {
      for (const key of state.keys(keys.sandboxes(node))) {
        const sandbox = state.get<SandboxRecord>(key);
        if (sandbox === undefined || sandbox.state !== 'ready') continue;
        const mapped = sandbox.config.hostPorts?.find(
          (one) => one.hostPort === port && one.protocol === protocol && ['', '0.0.0.0', address].includes(one.hostIP),
        )?.containerPort;
        if (mapped !== undefined) return { sandbox: sandbox.id, port: mapped };
        if (sandbox.config.hostNetwork === true && sandbox.ports?.[portKey(port, protocol)] !== undefined) return { sandbox: sandbox.id, port };
      }
      return undefined;
    },
    nextConnection(id) {
      const sandbox = load(id);
      if (sandbox === undefined) return 0;
      sandbox.connections = (sandbox.connections ?? 0) + 1;
      save(sandbox);
      return sandbox.connections;
    },

    affinity(id, key, lasts, to) {
      const sandbox = load(id);
      if (sandbox === undefined) return undefined;
      const now = context.now();
      const known = sandbox.affinities?.[key];
      if (to !== undefined) {
        sandbox.affinities = { ...sandbox.affinities, [key]: { to, at: now } };
        save(sandbox);
      }
      return known === undefined || now > known.at + lasts ? undefined : known.to;
    },

    serve: context.serve,
    request: (request) => requestFrom(requester, request),
    repeat(id, key, what) {
      const sandbox = load(id);
      if (sandbox === undefined || (what === undefined && sandbox.repeats?.[key] === undefined)) return;
      // Only a server that logs its requests shows them.
      if (what !== undefined && !sandbox.containers.some((one) => imageDataOf(context, one)?.run?.accessLog !== undefined)) return;
      runUntil(context, sandbox, context.now() - 1);
      delete sandbox.repeats?.[key];
      if (what !== undefined)
        sandbox.repeats = {
          ...sandbox.repeats,
          [key]: { port: what.request.port, request: servedRequest(what.request, requester.ownIP()), next: what.from, every: what.every },
        };
      else if (Object.keys(sandbox.repeats ?? {}).length === 0) delete sandbox.repeats;
      save(sandbox);
    },
  };
}
