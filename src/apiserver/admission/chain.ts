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
}

export class AdmissionChain {
  /** operation → resource, or one of its subresources → the plugins that care, sorted out once. */
  private readonly concerned = new Map<Operation, Map<string, Concerned>>();

  constructor(
    private readonly plugins: readonly AdmissionPlugin[],
    private readonly context: () => AdmissionContext,
  ) {}

  /** The mutating phase. `isRecord`: only plugins that ask for records are heard. */
  admit<T extends KubeObject>(object: T, old: T | undefined, attributes: Attributes, isRecord: boolean): T {
    const { mutating, recording } = this.of(attributes);
    const context = this.context();
    let next = object;
    for (const plugin of isRecord ? recording : mutating) next = plugin.admit?.(next, old, attributes, context) ?? next;
    return next;
  }

  validate(object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes): void {
    const context = this.context();
    for (const plugin of this.of(attributes).validating) plugin.validate?.(object, old, attributes, context);
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
      found = { mutating, recording: mutating.filter(({ records }) => records), validating: plugins.filter(({ validate }) => validate !== undefined) };
      byResource.set(path, found);
    }
    return found;
  }
}
