/** One container or pod in full, and logs. */
import type { Time } from '../../../../api/time.js';
import { parseDuration } from '../../../../api/time.js';
import type { NodeView } from '../../../node-view.js';
import type { ProgramContext, Wait } from '../../program.js';
import type { Options } from '../options.js';
import { containerStatus, json, rfc, sandboxStatus } from './json.js';
import { allContainers, byId, find } from './node.js';

export function inspect(context: ProgramContext, node: NodeView, options: Options): number {
  const shown: unknown[] = [];
  for (const id of options.operands) {
    const found = find(context, byId(node), id, `getting the status of the container "${id}": get container status`, 'container');
    if (found === undefined) return 1;
    const { container, sandbox } = found;
    const info = {
      pid: container.state === 'running' ? 1 : 0,
      removing: false,
      sandboxID: sandbox.id,
      snapshotter: 'overlayfs',
      runtimeType: 'io.containerd.runc.v2',
    };
    shown.push({ info, status: containerStatus(container, sandbox) });
  }
  context.out(`${json(shown.length === 1 ? shown[0] : shown)}\n`);
  return 0;
}

export function inspectPod(context: ProgramContext, node: NodeView, options: Options): number {
  for (const id of options.operands) {
    const sandbox = find(context, node.sandboxes(), id, `getting the status of the pod "${id}": get pod sandbox status`, 'sandbox');
    if (sandbox === undefined) return 1;
    context.out(`${json({ info: { image: 'registry.k8s.io/pause:3.10', runtimeHandler: '', snapshotter: 'overlayfs' }, status: sandboxStatus(sandbox) })}\n`);
  }
  return 0;
}

interface Following {
  next: number;
}

export function logs(context: ProgramContext, node: NodeView, options: Options): number | Wait {
  const [id = ''] = options.operands;
  const found = find(context, byId(node), id, 'container status', 'container');
  if (found === undefined) return 1;
  const since = parseDuration(options.value('since') ?? '');
  const state = context.state as Following | undefined;
  const tail = Number(options.value('tail') ?? -1);
  const lines = node.logs(found.container.id, {
    ...(state === undefined ? (tail >= 0 ? { tailLines: tail } : {}) : { from: state.next }),
    ...(since === undefined ? {} : { sinceTime: (context.now - since) as Time }),
  });
  for (const { at, stream, text } of lines) {
    const line = `${options.has('t') ? `${rfc(at)} ` : ''}${text}\n`;
    if (stream === 'stderr') context.err(line);
    else context.out(line);
  }
  if (!options.has('f')) return 0;
  context.state = { next: (lines.at(-1)?.number ?? (state?.next ?? 0) - 1) + 1 } satisfies Following;
  const now = allContainers(node).find(({ container }) => container.id === found.container.id);
  return now?.container.state === 'running' ? { wait: 'time', until: (context.now + 1000) as Time } : 0;
}
