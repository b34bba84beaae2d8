/** `config set` and `config unset`: one value of the kubeconfig by its dotted name (pkg/cmd/config/set.go, navigation_step_parser.go). */
import { UsageError } from './command.js';
import type { Kubeconfig } from './kubeconfig.js';

/** The lists, and under which key their entries hold what they are. */
const LISTS = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;
type ListName = keyof typeof LISTS;

const FIELDS: Readonly<Record<ListName, readonly string[]>> = {
  clusters: [
    'server',
    'tls-server-name',
    'insecure-skip-tls-verify',
    'certificate-authority',
    'certificate-authority-data',
    'proxy-url',
    'disable-compression',
  ],
  users: ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile', 'as', 'as-uid', 'username', 'password'],
  contexts: ['cluster', 'user', 'namespace'],
};
const BOOLS = ['insecure-skip-tls-verify', 'disable-compression'];

interface Property {
  readonly list: ListName;
  readonly name: string;
  /** Absent: the whole entry. */
  readonly field?: string;
}

/** A map key may hold dots: the field is recognised at the end. */
function parse(path: string): Property | 'current-context' | ListName {
  if (path === 'current-context') return path;
  const dot = path.indexOf('.');
  const first = dot < 0 ? path : path.slice(0, dot);
  if (!Object.hasOwn(LISTS, first)) throw new UsageError(`unable to parse ${path} after [] at api.Config`);
  const list = first as ListName;
  if (dot < 0) return list;
  const rest = path.slice(dot + 1);
  const field = FIELDS[list].find((one) => rest.endsWith(`.${one}`));
  return field === undefined ? { list, name: rest } : { list, name: rest.slice(0, -field.length - 1), field };
}

export function setProperty(config: Kubeconfig, path: string, value: string, rawBytes: boolean): Kubeconfig {
  const property = parse(path);
  if (property === 'current-context') return { ...config, 'current-context': value };
  if (typeof property === 'string' || property.field === undefined) throw new UsageError(`can't set a map to a value: ${path}`);
  const { list, name, field } = property;
  const entries = config[list] as readonly { readonly name: string }[];
  const key = LISTS[list];
  const old = entries.find((one) => one.name === name) as Record<string, unknown> | undefined;
  const entry = { name, [key]: { ...(old?.[key] as object | undefined), [field]: converted(field, value, rawBytes) } };
  return { ...config, [list]: old === undefined ? [...entries, entry] : entries.map((one) => (one.name === name ? entry : one)) };
}

function converted(field: string, value: string, rawBytes: boolean): unknown {
  if (BOOLS.includes(field)) {
    if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) throw new UsageError(`strconv.ParseBool: parsing "${value}": invalid syntax`);
    return /^(1|t)/i.test(value);
  }
  if (!field.endsWith('-data')) return value;
  if (rawBytes) return Buffer.from(value).toString('base64');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0) throw new UsageError('error decoding input value: illegal base64 data at input byte 0');
  return value;
}

export function unsetProperty(config: Kubeconfig, path: string): Kubeconfig {
  const property = parse(path);
  if (property === 'current-context') return { ...config, 'current-context': '' };
  if (typeof property === 'string') return { ...config, [property]: [] };
  const { list, name, field } = property;
  const entries = config[list] as readonly { readonly name: string }[];
  if (!entries.some((one) => one.name === name)) throw new UsageError(`current map key \`${name}\` is invalid`);
  if (field === undefined) return { ...config, [list]: entries.filter((one) => one.name !== name) };
  const key = LISTS[list];
  return {
    ...config,
    [list]: entries.map((one) => {
      if (one.name !== name) return one;
      const { [field]: _, ...rest } = (one as unknown as Record<string, Record<string, unknown>>)[key] ?? {};
      return { name, [key]: rest };
    }),
  };
}
