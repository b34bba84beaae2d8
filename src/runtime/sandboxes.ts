/** Finding and keeping sandboxes and containers in a node's state. */
import { RuntimeError } from '../api/cri.js';
import { sandboxKeyOf } from './identity.js';
import { type RuntimeContext, runUntil } from './processes.js';
import { type ContainerRecord, keys, type SandboxRecord } from './state.js';

export interface Found {
  readonly sandbox: SandboxRecord;
  readonly container: ContainerRecord;
}

export interface Sandboxes {
  load(id: string): SandboxRecord | undefined;
  save(sandbox: SandboxRecord): void;
  /** Whoever has made a container is about to ask for it. */
  note(sandbox: SandboxRecord, container: string): void;
  /** The sandbox a container id belongs to. */
  sandboxOf(container: string): SandboxRecord | undefined;
  /** Throws what containerd says of an unknown id. */
  find(container: string): Found;
  /** Finds it with everything in its sandbox brought up to now. */
  look(container: string): Found;
}

export function createSandboxes(context: RuntimeContext): Sandboxes {
  const { state, node } = context;
  // Who acts on a sandbox asks for it several times in a row; a key put together anew has to be hashed anew.
  let last = { id: '', key: '' };
  const keyFor = (id: string): string => {
    if (id !== last.id) last = { id, key: keys.sandbox(node, id) };
    return last.key;
  };
  const load = (id: string): SandboxRecord | undefined => state.get<SandboxRecord>(keyFor(id));
  const save = (sandbox: SandboxRecord): void => state.set(keyFor(sandbox.id), sandbox);
  let noted = { container: '', key: '' };
  const note = (sandbox: SandboxRecord, container: string): void => {
    noted = { container, key: keyFor(sandbox.id) };
  };
  const sandboxOf = (container: string): SandboxRecord | undefined =>
    state.get<SandboxRecord>(container === noted.container ? noted.key : `${keys.sandboxes(node)}${sandboxKeyOf(container)}`);

  function find(id: string): Found {
    const sandbox = sandboxOf(id);
    const container = sandbox?.containers.find((one) => one.id === id);
    if (sandbox === undefined || container === undefined)
      throw new RuntimeError(`rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`);
    return { sandbox, container };
  }
  function look(id: string): Found {
    const found = find(id);
    if (runUntil(context, found.sandbox, context.now())) save(found.sandbox);
    return found;
  }
  return { load, save, note, sandboxOf, find, look };
}
