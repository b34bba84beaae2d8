/** What crictl's commands ask of the node, and how they say that it is not there. */
import type { ContainerView, NodeView, SandboxView } from '../../../node-view.js';
import type { ProgramContext } from '../../program.js';

export interface Placed {
  readonly container: ContainerView;
  readonly sandbox: SandboxView;
}

export const allContainers = (node: NodeView): readonly Placed[] =>
  node
    .sandboxes()
    .flatMap((sandbox) => sandbox.containers.map((container) => ({ container, sandbox })))
    .sort((a, b) => b.container.createdAt - a.container.createdAt);

export const byId = (node: NodeView): readonly (Placed & { readonly id: string })[] => allContainers(node).map((one) => ({ ...one, id: one.container.id }));

/** Ids may be cut as long as they are one's alone. */
export function find<T extends { readonly id: string }>(context: ProgramContext, list: readonly T[], id: string, call: string, kind: string): T | undefined {
  const found = list.filter((one) => one.id.startsWith(id));
  if (found.length === 1) return found[0];
  const why = `${call}: rpc error: code = NotFound desc = an error occurred when try to find ${kind} "${id}": not found`;
  fail(context, why);
  return undefined;
}

/** As logrus writes to what is no terminal. */
export function fail(context: ProgramContext, message: string): number {
  const time = `${new Date(context.now).toISOString().slice(0, 19)}Z`;
  context.err(context.tty ? `FATA[0000] ${message} \n` : `time="${time}" level=fatal msg=${JSON.stringify(message)}\n`);
  return 1;
}
