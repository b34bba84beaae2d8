/** A node's volumes, and its own files, as the kubelet has them laid out and looks at them. */
import type { RuntimeService } from '../api/cri.js';
import { HOST, type hostFiles } from './host-files.js';
import type { RuntimeContext } from './processes.js';
import { keys, type SandboxRecord, treeSize } from './state.js';
import { subPathTrouble } from './sub-paths.js';
import { earlier, layOut, type VolumeRecord } from './volumes.js';

type Volumes = Pick<
  RuntimeService,
  'setVolume' | 'removeVolume' | 'volumeUsage' | 'subPathTrouble' | 'hostEntry' | 'makeHostEntry' | 'removeHostEntry' | 'hostFiles' | 'hostNames'
>;

export function createVolumes(context: RuntimeContext, host: ReturnType<typeof hostFiles>): Volumes {
  const { node, state } = context;
  /** Where containers are bound in a volume. */
  const boundIn = (volume: string): readonly string[] =>
    state
      .keys(keys.sandboxes(node))
      .flatMap((key) => state.get<SandboxRecord>(key)?.containers ?? [])
      .flatMap(({ config }) => config.mounts ?? [])
      .flatMap((mount) => (mount.volume === volume && mount.subPath !== undefined ? [mount.subPath] : []));

  return {
    setVolume(volume, content) {
      const key = keys.volume(node, volume);
      const before = state.get<VolumeRecord>(key);
      state.set(key, {
        tree: { ...(before === undefined ? {} : earlier(before.tree, boundIn(volume))), ...layOut(content, context.now()) },
        version: (before?.version ?? 0) + 1,
        ...(content.medium === undefined ? {} : { medium: content.medium }),
        ...(content.size === undefined ? {} : { size: content.size }),
      } satisfies VolumeRecord);
    },
    volumeUsage: (volume) => treeSize(state.get<VolumeRecord>(keys.volume(node, volume))?.tree),
    hostEntry: (path) => host.hostEntry(path),
    makeHostEntry: (path, type, mode) => host.makeHostEntry(path, type, mode),
    subPathTrouble(volume, base, subPath) {
      if (volume === HOST) return host.subPathTrouble(base, subPath);
      const { tree } = state.get<VolumeRecord>(keys.volume(node, volume)) ?? { tree: {} };
      return subPathTrouble(tree, base, subPath, (path) => host.hostEntry(path) !== undefined);
    },
    hostFiles: (directory) => host.hostFiles(directory),
    hostNames: (directory) => host.hostNames(directory),
    removeHostEntry: (path) => host.removeHostEntry(path),
    removeVolume: (volume) => state.delete(keys.volume(node, volume)),
  };
}
