/** What the generators of `create service` share (pkg/cmd/create/create_service.go). */
import type { KubeObject } from '../api/object.js';
import { type Command, type Flag, UsageError } from './command.js';
import { quote } from './flags.js';
import { type GeneratorOptions, generator } from './generator.js';

export const TCP: Flag = { name: 'tcp', type: 'stringSlice', usage: "A pair of ports, as '<port>:<targetPort>'." };

export interface ServiceGenerator {
  /** ClusterIP, NodePort … */
  readonly type: string;
  readonly use: string;
  readonly long: string;
  readonly examples: string;
  readonly flags: readonly Flag[];
  check?(options: GeneratorOptions): void;
  /** Members that come before or after `ports` by name in Go's ServiceSpec. */
  readonly spec?: (options: GeneratorOptions) => { readonly clusterIP?: string; readonly externalName?: string };
  readonly nodePort?: (options: GeneratorOptions) => number;
}

export function serviceGenerator(parts: ServiceGenerator): Command<GeneratorOptions> {
  return generator({
    use: parts.use,
    short: `Create a ${parts.type} service`,
    long: parts.long,
    examples: parts.examples,
    flags: parts.flags,
    resource: { group: '', version: 'v1', resource: 'services', namespaced: true },
    wraps: `${parts.type} service: `,
    ...(parts.check === undefined ? {} : { check: parts.check }),
    build(options) {
      const { name, flags } = options;
      const nodePort = parts.nodePort?.(options) ?? 0;
      const ports = flags.strings('tcp').map((text) => ({ ...portOf(text), ...(nodePort === 0 ? {} : { nodePort }) }));
      const { clusterIP, externalName } = parts.spec?.(options) ?? {};
      return {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name, creationTimestamp: null, labels: { app: name } },
        spec: {
          ...(ports.length === 0 ? {} : { ports }),
          selector: { app: name },
          ...(clusterIP === undefined ? {} : { clusterIP }),
          type: parts.type,
          ...(externalName === undefined ? {} : { externalName }),
        },
        status: { loadBalancer: {} },
      } as KubeObject;
    },
  });
}

/** parsePorts: `80`, `80:8080`, `80:web`. */
function portOf(text: string): object {
  const [first = '', second] = text.split(':');
  if (!/^\d+$/.test(first)) throw new UsageError(`strconv.ParseUint: parsing ${quote(first)}: invalid syntax`);
  const port = Number(first);
  if (port > 65535) throw new UsageError(`strconv.ParseUint: parsing ${quote(first)}: value out of range`);
  if (second === undefined) return { name: first, protocol: 'TCP', port, targetPort: port };
  const name = text.replaceAll(':', '-');
  if (/^[+-]?\d+$/.test(second)) {
    const target = Number(second);
    if (target < 1 || target > 65535) throw new UsageError('must be between 1 and 65535, inclusive');
    return { name, protocol: 'TCP', port, targetPort: target };
  }
  const wrong = portNameError(second);
  if (wrong !== undefined) throw new UsageError(wrong);
  return { name, protocol: 'TCP', port, targetPort: second };
}

/** validation.IsValidPortName, its complaints joined by commas. */
function portNameError(name: string): string | undefined {
  const errors: string[] = [];
  if (name.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors.length === 0 ? undefined : errors.join(',');
}

export function requirePorts({ flags }: GeneratorOptions): void {
  if (flags.strings('tcp').length === 0) throw new UsageError('at least one tcp port specifier must be provided');
}
