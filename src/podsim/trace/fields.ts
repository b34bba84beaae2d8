/** Which fields of a stored pod were sent, which were filled in by defaulting, and which by admission. */
import type { Pod } from '../../resources/pods/types.js';

/** Path → value, as text: `spec.containers[web].imagePullPolicy` → `Always`. */
export type Fields = ReadonlyMap<string, string>;

/** The leaves of a value; items of lists by their names where they have them. */
export function fieldsOf(value: unknown, path: string): Fields {
  const found = new Map<string, string>();
  collect(value, path, found);
  return found;
}

function collect(value: unknown, path: string, found: Map<string, string>): void {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => nameOf(item) !== undefined)) {
    for (const item of value) collect(item, `${path}[${nameOf(item)}]`, found);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) if (inner !== undefined) collect(inner, `${path}.${key}`, found);
  } else if (value !== undefined && value !== null) found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}

const nameOf = (item: unknown): string | undefined => {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, mountPath, key, containerPort } = item as Record<string, unknown>;
  const found = mountPath ?? name ?? key ?? containerPort;
  return found === undefined ? undefined : String(found);
};

/** Whose doing a field is that the client did not send. */
export interface Added {
  readonly path: string;
  readonly value: string;
  /** An admission plugin; undefined: defaulting. */
  readonly plugin?: string;
}

/** A plugin's own fields (pkg/kubeapiserver/options/plugins.go): paths of a stored pod's spec. */
const PLUGINS: readonly { readonly plugin: string; readonly path: RegExp }[] = [
  { plugin: 'ServiceAccount', path: /^spec\.(serviceAccount(Name)?$|imagePullSecrets|volumes\[kube-api-access-)/ },
  { plugin: 'ServiceAccount', path: /\.volumeMounts\[\/var\/run\/secrets\/kubernetes\.io\/serviceaccount\]/ },
  { plugin: 'DefaultTolerationSeconds', path: /^spec\.tolerations\[node\.kubernetes\.io\/(not-ready|unreachable)\]/ },
  { plugin: 'Priority', path: /^spec\.(priority|priorityClassName|preemptionPolicy)$/ },
  { plugin: 'RuntimeClass', path: /^spec\.overhead\./ },
];
/** They come later, from others than the creation's admission. */
const LATER = /^spec\.(nodeName|ephemeralContainers)/;

/**
 * What the server added to what was sent. Defaulting comes before the fields are attributed to whoever sends them, admission after: `owned`
 * tells them apart. `sent`: undefined when nobody knows what it was; then those without a plugin may have been sent as well.
 */
export function addedFields(pod: Pod, sent: Fields | undefined, owned: (path: string) => boolean | undefined): readonly Added[] {
  const stored = fieldsOf(pod.spec, 'spec');
  const isLimited = pod.metadata.annotations?.['kubernetes.io/limit-ranger'] !== undefined;
  return [...stored].flatMap(([path, value]): readonly Added[] => {
    if (LATER.test(path) || sent?.get(path) === value || (sent?.has(path) === true && /resources/.test(path))) return [];
    const plugin =
      PLUGINS.find((one) => one.path.test(path))?.plugin ?? (isLimited && /\.resources\.(requests|limits)\./.test(path) ? 'LimitRanger' : undefined);
    const isOwned = owned(path);
    // Neither what was sent nor who owns what: nobody can tell what was added.
    if (sent === undefined && isOwned === undefined) return [];
    if (plugin !== undefined && isOwned !== true) return [{ path, value, plugin }];
    return isOwned === false ? [] : [{ path, value }];
  });
}

/** Whether a manager's fieldsV1 has the field; undefined: it says nothing, as there are none. */
export function ownership(fieldsV1: unknown): (path: string) => boolean | undefined {
  if (typeof fieldsV1 !== 'object' || fieldsV1 === null) return () => undefined;
  return (path) => {
    let at: Record<string, unknown> | undefined = fieldsV1 as Record<string, unknown>;
    const parts = path.split(/\.(?![^[]*\])/);
    for (const [i, part] of parts.entries()) {
      const [, name, item] = /^([^[]*)(?:\[(.*)\])?$/.exec(part) ?? [];
      at = at?.[`f:${name}`] as Record<string, unknown> | undefined;
      if (at === undefined) return false;
      // An empty struct that was sent says nothing of what came into it; atomic lists and maps are owned whole.
      if (Object.keys(at).length === 0) return i === parts.length - 1 || name !== 'resources';
      if (item === undefined) continue;
      const key = Object.keys(at).find((one) => (one.startsWith('k:') && one.includes(`"${item}"`)) || (one.startsWith('k:') && one.includes(`:${item},`)));
      at = key === undefined ? undefined : (at[key] as Record<string, unknown>);
      if (at === undefined) return false;
    }
    return true;
  };
}
