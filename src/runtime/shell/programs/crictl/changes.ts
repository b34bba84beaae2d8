/** Stopping and removing. */
import type { NodeView } from '../../../node-view.js';
import type { ProgramContext } from '../../program.js';
import type { Options } from '../options.js';
import { allContainers, byId, fail, find } from './node.js';
import { short } from './units.js';

/** For each id, or with --all for each of them. */
function each(context: ProgramContext, options: Options, all: readonly string[], work: (id: string) => number): number {
  const ids = options.has('a') ? all : options.operands;
  if (ids.length === 0) return fail(context, 'ID cannot be empty');
  let status = 0;
  for (const id of ids) status = work(id) || status;
  return status;
}

export function stop(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    allContainers(node).flatMap(({ container }) => (container.state === 'running' ? [container.id] : [])),
    (id) => {
      const found = find(context, byId(node), id, `stopping the container "${id}"`, 'container');
      if (found === undefined) return 1;
      node.stop(found.container.id, Number(options.value('t') ?? 0));
      context.out(`${id}\n`);
      return 0;
    },
  );
}

export function remove(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    allContainers(node).map(({ container }) => container.id),
    (id) => {
      const found = find(context, byId(node), id, `getting container status "${id}"`, 'container');
      if (found === undefined) return 1;
      if (found.container.state === 'running') {
        if (!options.has('f')) return fail(context, `container "${id}" is running, please stop it first`);
        node.stop(found.container.id, 0);
        context.out(`${id}\n`);
      }
      node.remove(found.container.id);
      context.out(`${id}\n`);
      return 0;
    },
  );
}

export function stopPod(context: ProgramContext, node: NodeView, options: Options): number {
  return each(context, options, [], (id) => {
    const sandbox = find(context, node.sandboxes(), id, `stopping the pod sandbox "${id}"`, 'sandbox');
    if (sandbox === undefined) return 1;
    node.stopSandbox(sandbox.id);
    context.out(`Stopped sandbox ${id}\n`);
    return 0;
  });
}

export function removePod(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    node.sandboxes().map(({ id }) => id),
    (id) => {
      const sandbox = find(context, node.sandboxes(), id, `getting sandbox status of pod "${id}"`, 'sandbox');
      if (sandbox === undefined) return 1;
      if (sandbox.isReady) {
        if (!options.has('f')) return fail(context, `pod sandbox "${id}" is running, please stop it first`);
        node.stopSandbox(sandbox.id);
        context.out(`Stopped sandbox ${id}\n`);
      }
      node.removeSandbox(sandbox.id);
      context.out(`Removed sandbox ${id}\n`);
      return 0;
    },
  );
}

export function removeImage(context: ProgramContext, node: NodeView, options: Options): number {
  let status = 0;
  for (const asked of options.operands) {
    const found = node
      .images()
      .find(
        ({ id, repoTags, repoDigest }) =>
          short(id).startsWith(asked) || id === asked || [...repoTags, repoDigest].some((name) => name === asked || name.endsWith(`/${asked}`)),
      );
    if (found === undefined) {
      status = fail(context, `no such image ${asked}`);
      continue;
    }
    node.removeImage(found.repoTags[0] ?? found.repoDigest);
    context.out([...(found.repoTags.length > 0 ? found.repoTags : [found.repoDigest])].map((name) => `Deleted: ${name}\n`).join(''));
  }
  return status;
}
