/** Runs the plugins in order; the first refusal ends it (k8s.io/apiserver/pkg/admission chain.go). */
import { innerMap } from '../../api/maps.js';
import type { KubeObject } from '../../api/object.js';
import type { AdmissionContext, AdmissionPlugin, Attributes, Operation } from './plugin.js';

/** Those of a chain that care for one kind of request. */
interface Concerned {
  readonly mutating: readonly AdmissionPlugin[];
  /** Of the mutating ones, those that ask for records. */
  readonly recording: readonly AdmissionPlugin[];
  readonly validating: readonly AdmissionPlugin[];
  /** Those that ask others: of what components write they alone are to be told. */
  readonly mutatingHooks: readonly AdmissionPlugin[];
  readonly validatingHooks: readonly AdmissionPlugin[];
}

/** Not all plugins, but those that ask for records, or those that ask others. */
export type Only = 'records' | 'hooks' | undefined;

export class AdmissionChain {
  /** operation → resource, or one of its subresources → the plugins that care, sorted out once. */
  private readonly concerned = new Map<Operation, Map<string, Concerned>>();

  constructor(
    private readonly plugins: readonly AdmissionPlugin[],
    private readonly context: () => AdmissionContext,
  ) {}

  /** The mutating phase. */
  admit<T extends KubeObject>(object: T, old: T | undefined, attributes: Attributes, only?: Only): T {
    const { mutating, recording, mutatingHooks } = this.of(attributes);
    const context = this.context();
    const plugins = only === undefined ? mutating : only === 'records' ? recording : mutatingHooks;
    let isWanted = false;
    const repeat = () => {
      isWanted = true;
    };
    const memory = new Map<string, unknown>();
    let next = object;
    for (const plugin of plugins) next = plugin.admit?.(next, old, attributes, context, { isRepeated: false, memory, repeat }) ?? next;
    if (isWanted) for (const plugin of plugins) next = plugin.admit?.(next, old, attributes, context, { isRepeated: true, memory, repeat }) ?? next;
    return next;
  }

  validate(object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes, only?: Only): void {
    const { validating, validatingHooks } = this.of(attributes);
    const context = this.context();
    for (const plugin of only === 'hooks' ? validatingHooks : validating) plugin.validate?.(object, old, attributes, context);
  }

  private of({ operation, id, subresource }: Attributes): Concerned {
    const byResource = innerMap(this.concerned, operation);
    const path = subresource === '' ? id : `${id}/${subresource}`;
    let found = byResource.get(path);
    if (found === undefined) {
      const plugins = this.plugins.filter(
        (plugin) =>
          plugin.operations.includes(operation) &&
          (plugin.resources === undefined || plugin.resources.includes(id)) &&
          (subresource === '' || plugin.subresources?.some((name) => name === '*' || name === subresource) === true),
      );
      const mutating = plugins.filter(({ admit }) => admit !== undefined);
      const validating = plugins.filter(({ validate }) => validate !== undefined);
      found = {
        mutating,
        recording: mutating.filter(({ records }) => records),
        validating,
        mutatingHooks: mutating.filter(({ asks }) => asks),
        validatingHooks: validating.filter(({ asks }) => asks),
      };
      byResource.set(path, found);
    }
    return found;
  }
}
