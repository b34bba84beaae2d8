/** What kubeadm has left in the files of the node it was run on, and how a kubelet reads the manifests there. */
import type { KubeObject } from '../api/object.js';
import type { Schemas } from '../api/resource.js';
import { decodeObject } from '../apiserver/decode.js';
import { STATIC_POD_PATH } from '../kubelet/index.js';
import { parseYaml } from '../text/yaml.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { readSchemas } from './assets.js';
import { kubeletConfiguration } from './kubeadm.js';
import type { NodeProfile, Profile } from './profile.js';
import { staticPods } from './system-workloads.js';

/** The manifests of a control plane's static pods, by the names of their files. */
export const staticManifests = (profile: Profile, node: NodeProfile): Readonly<Record<string, string>> =>
  Object.fromEntries(
    staticPods(profile, node).map((pod) => [
      `${pod.metadata.name}.yaml`,
      emitYaml({ ...pod, metadata: { creationTimestamp: null, ...pod.metadata }, status: {} }),
    ]),
  );

/** Files of a node that differ from cluster to cluster and from node to node, by their paths. */
export const nodeFiles = (profile: Profile, manifests: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  '/var/lib/kubelet/config.yaml': kubeletConfiguration(profile),
  ...Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`${STATIC_POD_PATH}/${name}`, text])),
});

/** Reads the Pod a manifest describes; what the schema does not know is left out (tryDecodeSinglePod). undefined: there is none to be read. */
export function manifestReader(): (text: string) => KubeObject | undefined {
  let schemas: Schemas | undefined;
  return (text) => {
    const parsed = parseYaml(text);
    if ('error' in parsed || typeof parsed.value !== 'object' || parsed.value === null) return undefined;
    const { apiVersion, kind } = parsed.value as Partial<KubeObject>;
    if (apiVersion !== 'v1' || kind !== 'Pod') return undefined;
    schemas ??= readSchemas();
    const { value, error } = decodeObject(schemas, 'V1Pod', parsed.value);
    const pod = value as Partial<KubeObject>;
    return error === undefined && pod.metadata?.name && 'spec' in pod ? (pod as KubeObject) : undefined;
  };
}
