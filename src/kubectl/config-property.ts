/** `config set` and `config unset`: one value of the kubeconfig by its dotted name (pkg/cmd/config/set.go, navigation_step_parser.go). */
import type { Json, JsonObject } from '../api/object.js';
import { UsageError } from './command.js';
import type { Kubeconfig } from './kubeconfig.js';
import { isMap } from './manifests.js';

/** What stands at a place of clientcmd's Config; `type` is its name in Go, which an error tells. */
type Shape =
  | { readonly kind: 'string' | 'bool' | 'bytes' | 'strings' | 'other'; readonly type: string }
  | { readonly kind: 'struct'; readonly type: string; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: 'map'; readonly type: string; readonly values: Shape };
/** `inFile`: its name in the file, where it is another. */
type Field = Shape & { readonly inFile?: string };

const STRING: Shape = { kind: 'string', type: 'string' };
const BOOL: Shape = { kind: 'bool', type: 'bool' };
const BYTES: Shape = { kind: 'bytes', type: '[]uint8' };
const EXTENSIONS: Shape = { kind: 'other', type: 'map[string]runtime.Object' };

const struct = (type: string, fields: Readonly<Record<string, Field>>): Shape => ({ kind: 'struct', type, fields: { ...fields, extensions: EXTENSIONS } });
const mapOf = (name: string, fields: Readonly<Record<string, Field>>): Shape => ({
  kind: 'map',
  type: `map[string]*api.${name}`,
  values: struct(`*api.${name}`, fields),
});

const CONFIG = struct('api.Config', {
  kind: STRING,
  apiVersion: STRING,
  preferences: struct('api.Preferences', { colors: BOOL }),
  clusters: mapOf('Cluster', {
    server: STRING,
    'tls-server-name': STRING,
    'insecure-skip-tls-verify': BOOL,
    'certificate-authority': STRING,
    'certificate-authority-data': BYTES,
    'proxy-url': STRING,
    'disable-compression': BOOL,
  }),
  users: mapOf('AuthInfo', {
    'client-certificate': STRING,
    'client-certificate-data': BYTES,
    'client-key': STRING,
    'client-key-data': BYTES,
    token: STRING,
    tokenFile: STRING,
    'act-as': { ...STRING, inFile: 'as' },
    'act-as-uid': { ...STRING, inFile: 'as-uid' },
    'act-as-groups': { kind: 'strings', type: '[]string', inFile: 'as-groups' },
    'act-as-user-extra': { kind: 'other', type: 'map[string][]string', inFile: 'as-user-extra' },
    username: STRING,
    password: STRING,
    'auth-provider': { kind: 'other', type: '*api.AuthProviderConfig' },
    exec: { kind: 'other', type: '*api.ExecConfig' },
  }),
  contexts: mapOf('Context', { cluster: STRING, user: STRING, namespace: STRING }),
  'current-context': STRING,
});

interface Step {
  /** In the file. */
  readonly name: string;
  readonly shape: Shape;
}

/** newNavigationSteps. A map's key may hold dots: it ends before a word that its values have as a field. */
function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  const said: string[] = [];
  let shape = CONFIG;
  let parts = path.split('.');
  const step = (name: string, next: Shape, inFile = name): void => {
    steps.push({ name: inFile, shape: next });
    said.push(`{${name} ${next.type}}`);
    shape = next;
  };
  while (parts.length > 0) {
    if (shape.kind === 'map') {
      const { values } = shape;
      const known = parts.slice(1).findIndex((part) => values.kind === 'struct' && values.fields[part] !== undefined);
      const length = known < 0 ? parts.length : known + 1;
      step(parts.slice(0, length).join('.'), values);
      parts = parts.slice(length);
    } else if (shape.kind === 'struct') {
      const [name = '', ...rest] = parts;
      const field: Field | undefined = shape.fields[name];
      if (field === undefined) throw new UsageError(`unable to parse ${path} after [${said.join(' ')}] at ${shape.type}`);
      step(name, field, field.inFile);
      parts = rest;
    } else throw new UsageError(`unable to parse one or more field values of ${path}`);
  }
  return steps;
}

export function setProperty(config: Kubeconfig, path: string, value: string, rawBytes: boolean): Kubeconfig {
  return changed(config, stepsOf(path), (shape, old) => {
    if (shape.kind === 'map' || shape.kind === 'struct')
      throw new UsageError(`can't set a map to a value: map[${Object.keys(isMap(old) ? old : {}).join(' ')}]`);
    return converted(shape, value, rawBytes);
  });
}

export function unsetProperty(config: Kubeconfig, path: string): Kubeconfig {
  return changed(config, stepsOf(path), () => undefined);
}

/** The config with what `make` gives where the steps lead to. */
function changed(config: Kubeconfig, steps: readonly Step[], make: (shape: Shape, old: Json | undefined) => Json | undefined): Kubeconfig {
  const [first, ...rest] = steps as [Step, ...Step[]];
  // Kubeconfigs do not keep what they are.
  if (first.name === 'kind' || first.name === 'apiVersion') return config;
  if (first.name === 'current-context') return { ...config, 'current-context': (make(first.shape, undefined) ?? '') as string };
  if (first.shape.kind !== 'map')
    return { ...config, [first.name]: at((config as unknown as JsonObject)[first.name] as Json, first.shape, rest, make) ?? {} } as unknown as Kubeconfig;
  // A list in the file, of entries such as `{ name, user }`
  const key = first.name.slice(0, -1);
  const entries = (config as unknown as Readonly<Record<string, readonly JsonObject[]>>)[first.name] ?? [];
  const [entry, ...fields] = rest;
  if (entry === undefined) {
    const made = make(first.shape, Object.fromEntries(entries.map((one) => [one['name'] as string, null])));
    return { ...config, [first.name]: made ?? [] } as unknown as Kubeconfig;
  }
  const old = entries.find((one) => one['name'] === entry.name)?.[key];
  const isUnset = make(STRING, undefined) === undefined;
  if (old === undefined && isUnset && fields.length > 0) throw new UsageError(`current map key \`${entry.name}\` is invalid`);
  const next = fields.length === 0 ? make(entry.shape, old) : at(old ?? {}, entry.shape, fields, make);
  const left = entries.filter((one) => one['name'] !== entry.name);
  if (next === undefined) return { ...config, [first.name]: left } as unknown as Kubeconfig;
  const all =
    old === undefined ? [...left, { name: entry.name, [key]: next }] : entries.map((one) => (one['name'] === entry.name ? { ...one, [key]: next } : one));
  return { ...config, [first.name]: all } as unknown as Kubeconfig;
}

function at(value: Json, shape: Shape, steps: readonly Step[], make: (shape: Shape, old: Json | undefined) => Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return make(shape, value);
  const { [step.name]: old, ...others } = isMap(value) ? value : {};
  const next = at(old ?? {}, step.shape, rest, make);
  return next === undefined ? others : { ...(isMap(value) ? value : {}), [step.name]: next };
}

function converted(shape: Shape, value: string, rawBytes: boolean): Json {
  if (shape.kind === 'bool') {
    if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) throw new UsageError(`strconv.ParseBool: parsing "${value}": invalid syntax`);
    return /^(1|t)/i.test(value);
  }
  if (shape.kind === 'strings') throw new UsageError('unrecognized slice type. string');
  if (shape.kind === 'other') throw new UsageError(`can't set a map to a value: map[]`);
  if (shape.kind === 'string') return value;
  if (rawBytes) return Buffer.from(value).toString('base64');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0) throw new UsageError('error decoding input value: illegal base64 data at input byte 0');
  return value;
}
