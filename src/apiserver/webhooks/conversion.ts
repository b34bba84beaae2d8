/** Custom resources in another version, as a definition's webhook converts them (apiextensions-apiserver pkg/apiserver/conversion webhook_converter.go). */
import { aggregateText, failure } from '../../api/errors.js';
import type { FieldError } from '../../api/field.js';
import { isMap } from '../../api/json-data.js';
import type { KubeObject } from '../../api/object.js';
import type { CustomResourceDefinition } from '../../resources/customresourcedefinitions/types.js';
import type { Webhook } from '../../resources/webhooks/types.js';
import type { Call, Called } from './caller.js';

const GROUP = 'apiextensions.k8s.io';
const KIND = 'ConversionReview';
/** Of a REST client that is told of no other. */
const TIMEOUT = 30;

export interface ConversionOptions {
  call(call: Call): Called;
  written(value: object): string;
  /** Of a question: the same when it is put again. */
  uidOf(question: string): string;
}

/** What is wrong with labels and annotations. */
type ValidateMetadata = (labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>) => readonly FieldError[];

interface Conversion {
  readonly webhook?: { readonly clientConfig?: Webhook['clientConfig']; readonly conversionReviewVersions?: readonly string[] };
}

export class Conversions {
  /** What is stored is converted once while it is in memory, as by a watch cache. */
  private readonly known = new WeakMap<KubeObject, Map<string, KubeObject>>();

  constructor(private readonly options: ConversionOptions) {}

  convert(definition: CustomResourceDefinition, object: KubeObject, apiVersion: string, validate: ValidateMetadata): KubeObject {
    const place = `${apiVersion} ${definition.metadata.uid} ${definition.metadata.generation}`;
    const known = this.known.get(object)?.get(place);
    if (known !== undefined) return known;
    const converted = this.ask(definition, object, apiVersion, validate);
    const ofObject = this.known.get(object) ?? new Map<string, KubeObject>();
    this.known.set(object, ofObject.set(place, converted));
    return converted;
  }

  private ask({ spec }: CustomResourceDefinition, object: KubeObject, apiVersion: string, validate: ValidateMetadata): KubeObject {
    const { clientConfig = {}, conversionReviewVersions = [] } = (spec.conversion as Conversion | undefined)?.webhook ?? {};
    const about = `conversion webhook for ${object.apiVersion}, Kind=${object.kind}`;
    const failed = (why: string) => failure(500, '', `${about} ${why}`);
    const version = conversionReviewVersions.find((one) => one === 'v1' || one === 'v1beta1');
    if (version === undefined) throw failure(500, '', 'no supported conversion review versions');
    const { resourceVersion: ___, ...stored } = object.metadata;
    const sent = { ...object, metadata: stored };
    const review = (id: string) =>
      this.options.written({
        kind: KIND,
        apiVersion: `${GROUP}/${version}`,
        request: { uid: id, desiredAPIVersion: apiVersion, objects: [sent] },
        response: { uid: '', convertedObjects: null, result: { metadata: {} } },
      });
    const same = review('');
    const uid = this.options.uidOf(same);
    const called = this.options.call({
      config: clientConfig,
      body: review(uid),
      same,
      group: GROUP,
      kind: KIND,
      userAgent: 'kube-apiserver-admission',
      timeoutSeconds: TIMEOUT,
      query: `?timeout=${TIMEOUT}s`,
    });
    // A pod that is not known to convert leaves things as they are.
    if (called === undefined) return { ...object, apiVersion };
    if ('error' in called) throw failed(`failed: ${called.error}`);
    const converted = objectsOf(called.review, version, uid);
    if (typeof converted === 'string') throw failed(`failed: ${converted}`);
    if (converted.length !== 1) throw failed(`returned ${converted.length} objects, expected 1`);
    const found = converted[0] as Partial<KubeObject>;
    const invalid = (why: string) => failed(`returned invalid object at index 0: invalid ${why}`);
    if (found.apiVersion !== apiVersion) throw invalid(`groupVersion (expected ${apiVersion}, received ${found.apiVersion ?? ''})`);
    if (found.kind !== object.kind) throw invalid(`kind (expected ${object.kind}, received ${found.kind ?? ''})`);
    for (const [field, what] of IDENTITY) {
      const [was, is] = [object.metadata[field] ?? '', found.metadata?.[field] ?? ''];
      if (was !== is) throw failed(`returned invalid object: must have the same ${what}: ${was} != ${is}`);
    }
    const { labels, annotations } = found.metadata ?? {};
    const errors = validate(labels ?? {}, annotations ?? {});
    if (errors.length > 0) throw failed(`returned invalid metadata: ${aggregateText(errors)}`);
    const { labels: _, annotations: __, ...metadata } = object.metadata;
    return {
      ...(found as KubeObject),
      metadata: { ...metadata, ...(labels == null ? {} : { labels }), ...(annotations == null ? {} : { annotations }) },
    };
  }
}

const IDENTITY = [
  ['name', 'name'],
  ['namespace', 'namespace'],
  ['uid', 'UID'],
] as const;

/** getConvertedObjectsFromResponse. */
function objectsOf(review: Readonly<Record<string, unknown>>, version: string, uid: string): readonly unknown[] | string {
  const { response, apiVersion = '', kind = '' } = review;
  if (version === 'v1' && (apiVersion !== `${GROUP}/v1` || kind !== KIND))
    return `expected webhook response of ${GROUP}/v1, Kind=${KIND}, got ${String(apiVersion).includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
  if (!isMap(response)) return 'no response provided';
  const { uid: said = '', result, convertedObjects } = response;
  if (version === 'v1' && said !== uid) return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(said)}`;
  const { status = '', message = '' } = isMap(result) ? result : {};
  if (status !== 'Success') return message === '' ? `response.result.status was '${status}', not 'Success'` : String(message);
  return Array.isArray(convertedObjects) ? convertedObjects : [];
}
