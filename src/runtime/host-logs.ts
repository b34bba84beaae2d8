/** /var/log/pods and /var/log/containers of a node: its containers' logs, as the runtime and the kubelet put them there. Only to be looked at. */
import type { Time } from '../api/time.js';
import { readLog } from './logs.js';
import type { RuntimeContext } from './processes.js';
import { type FileNode, type FileTree, keys, type SandboxRecord } from './state.js';

const PODS = '/var/log/pods';
const LINKS = '/var/log/containers';
const isLog = (path: string): boolean => path.startsWith(`${PODS}/`) || path.startsWith(`${LINKS}/`);

/** Whether who has this directory of the node mounted sees them. */
export const showsLogs = (directory: string): boolean =>
  `${PODS}/`.startsWith(directory === '/' ? '/' : `${directory}/`) || /^\/var\/log(\/|$)/.test(directory);

/** The node's files with the logs of all that it runs. A log is read when somebody opens it. */
export function withLogs(context: RuntimeContext, tree: FileTree, own: string): FileTree {
  const { state, node } = context;
  const all: FileTree = { ...tree };
  const directory = (path: string, at: number): void => {
    all[path] = { type: 'd', mode: 0o755, mtime: at };
  };
  for (const key of state.keys(keys.sandboxes(node))) {
    const sandbox = state.get<SandboxRecord>(key);
    if (sandbox === undefined) continue;
    const { podKey, podUid } = sandbox.config;
    const [namespace, name] = podKey.split('/');
    const home = `${PODS}/${namespace}_${name}_${podUid}`;
    directory(home, sandbox.createdAt);
    for (const container of sandbox.containers) {
      const { config, id, createdAt } = container;
      directory(`${home}/${config.name}`, createdAt);
      const file = `${home}/${config.name}/${config.attempt}.log`;
      all[file] = lazily(createdAt, () =>
        // What is being run just now is not run on by being looked at.
        ((sandbox.id === own ? undefined : context.nodeView?.()?.logs(id, {})) ?? readLog(state, node, container, {}))
          .map(({ at, stream, text, partial }) => `${new Date(at).toISOString().slice(0, 23)}000000Z ${stream} ${partial === true ? 'P' : 'F'} ${text}\n`)
          .join(''),
      );
      all[`${LINKS}/${name}_${namespace}_${config.name}-${id}.log`] = { type: 'l', data: file, mtime: createdAt };
    }
  }
  return all;
}

function lazily(at: number, read: () => string): FileNode {
  let text: string | undefined;
  return {
    mode: 0o640,
    mtime: at as Time,
    get data() {
      text ??= read();
      return text;
    },
  };
}

/** Without them, to be kept. */
export const withoutLogs = (tree: FileTree): FileTree => Object.fromEntries(Object.entries(tree).filter(([path]) => !isLog(path)));
