/**
 * The kinds that CustomResourceDefinitions define, as kinds like any other: apiextensions-apiserver pkg/apiserver
 * customresource_handler.go and pkg/registry/customresource. Objects rest in the storage version; other versions are faces of it
 * that differ in apiVersion alone, unless a webhook converts them.
 */
import { type FieldError, invalid } from '../../api/field.js';
import type { JsonObject, KubeObject } from '../../api/object.js';
import { once } from '../../api/once.js';
import { type AnyResource, type Resource, type ResourceNames, resourceId, type SchemaDefinition, type Strategy } from '../../api/resource.js';
import { validateAnnotations, validateLabels } from '../meta/labels.js';
import { validateObjectMeta, validateObjectMetaUpdate, withCommonChecks } from '../meta/validation.js';
import { customColumns, selectable } from './custom-columns.js';
import { customScale, type ScalePaths } from './custom-scale.js';
import type { CustomSchema } from './custom-schema.js';
import { withDefaults } from './defaulting.js';
import { defineCustom } from './definitions.js';
import { prune } from './pruning.js';
import { rulesOf, validateByRules } from './rules.js';
import { areBlocking, validateBySchema } from './schema-validation.js';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from './types.js';

export interface CustomKinds {
  /** One for each version that is served, and for the one that is stored. */
  readonly resources: readonly AnyResource[];
  readonly schemas: Readonly<Record<string, SchemaDefinition>>;
}

/** Asks a definition's webhook for the object in another version. */
export type Convert = (
  definition: CustomResourceDefinition,
  object: KubeObject,
  apiVersion: string,
  validate: (labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>) => readonly FieldError[],
) => KubeObject;

const renamed: Convert = (_, object, apiVersion) => ({ ...object, apiVersion });

/** Of all definitions there are, those that are established. `convert`: of those who look at content. */
export function customKinds(definitions: readonly CustomResourceDefinition[], convert: Convert = renamed): CustomKinds {
  const schemas: Record<string, SchemaDefinition> = {};
  const resources = definitions.filter((crd) => isTrue(crd, 'Established')).flatMap((crd) => kindsOf(crd, schemas, convert));
  return { resources, schemas };
}

const isTrue = ({ status }: CustomResourceDefinition, condition: string): boolean =>
  status.conditions?.some((one) => one.type === condition && one.status === 'True') === true;

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** Nothing new comes to a definition that is going; what is there may be changed still, though discovery does not say so. */
const TERMINATING = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const CHANGE = ['get', 'patch', 'update'];

function kindsOf(crd: CustomResourceDefinition, schemas: Record<string, SchemaDefinition>, convert: Convert): AnyResource[] {
  const storage = crd.spec.versions.find((version) => version.storage);
  if (storage === undefined) return [];
  return crd.spec.versions
    .filter((version) => version.served || version === storage)
    .map((version) => {
      const kind = customKind(crd, version, storage.name, convert);
      defineCustom(kind.schema, schemaOf(version), schemas);
      return kind;
    });
}

const schemaOf = (version: CustomResourceDefinitionVersion): CustomSchema => (version.schema?.openAPIV3Schema ?? {}) as CustomSchema;

function validateMetadata(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateLabels(labels, 'metadata.labels', errors);
  validateAnnotations(annotations, 'metadata.annotation', errors);
  return errors;
}

function customKind(crd: CustomResourceDefinition, version: CustomResourceDefinitionVersion, storage: string, convert: Convert): Resource {
  const { group, scope } = crd.spec;
  const { plural, singular = '', kind, shortNames = [], categories = [], listKind } = crd.status.acceptedNames;
  const isTerminating = isTrue(crd, 'Terminating');
  const names: ResourceNames = {
    group,
    version: version.name,
    kind,
    plural,
    singular,
    shortNames,
    namespaced: scope === 'Namespaced',
    categories,
    ...(isTerminating ? { verbs: VERBS.filter((verb) => verb !== 'create') } : {}),
  };
  const schema = schemaOf(version);
  const apiVersion = `${group}/${version.name}`;
  const { scale, status } = version.subresources ?? {};
  const converts = crd.spec.conversion?.strategy === 'Webhook';
  const to = (object: KubeObject, wanted: string): KubeObject =>
    object.apiVersion === wanted ? object : (converts ? convert : renamed)(crd, object, wanted, validateMetadata);
  const inVersion = (object: KubeObject): KubeObject => to(object, apiVersion);
  return withCommonChecks({
    names,
    custom: {
      isServed: version.served,
      converts,
      current: (object) => to(object, `${group}/${storage}`),
      storageVersion: storage,
      verbs: isTerminating ? TERMINATING : VERBS,
      openApi: version.schema?.openAPIV3Schema ?? {},
      ...(listKind === undefined ? {} : { listKind }),
      subresources: [
        ...(status === undefined ? [] : [{ name: 'status', kind, group: '', version: '', verbs: CHANGE }]),
        ...(scale === undefined ? [] : [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: CHANGE }]),
      ],
      prune: (object, metadataOf) => prune(object, schema, metadataOf),
      ...(version.deprecated === true ? { warning: version.deprecationWarning ?? `${apiVersion} ${kind} is deprecated` } : {}),
    },
    columns: customColumns(version.additionalPrinterColumns),
    ...(version.selectableFields === undefined ? {} : { selectableFields: selectable(version.selectableFields) }),
    schema: `Custom:${apiVersion}/${kind}`,
    strategy: strategyOf(names, schema, status !== undefined),
    // What was written when another version was the stored one says so yet.
    observe: (object) => withDefaultsOf(inVersion(object), schema),
    ...(version.name === storage
      ? {}
      : {
          storedAs: {
            resource: resourceId(names),
            fromStored: (object) => withDefaultsOf(prune(inVersion(object) as unknown as JsonObject, schema).object as unknown as KubeObject, schema),
            toStored: (object) => to(withDefaultsOf(object, schema), `${group}/${storage}`),
          },
        }),
    ...(scale === undefined ? {} : { subresources: { scale: customScale(scale as unknown as ScalePaths) } }),
  });
}

const withDefaultsOf = (object: KubeObject, schema: CustomSchema): KubeObject => withDefaults(object as unknown as JsonObject, schema) as unknown as KubeObject;

const UNCHECKED = invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

function strategyOf({ namespaced }: ResourceNames, schema: CustomSchema, hasStatus: boolean): Strategy {
  const metadata = { namespaced, qualifiedFinalizers: false };
  const rules = once(() => rulesOf(schema));
  const content = (object: KubeObject, old?: KubeObject): FieldError[] => {
    const errors = validateBySchema(withoutMetadata(object), withoutMetadataSchema(schema), '', old === undefined ? undefined : withoutMetadata(old));
    const all = rules();
    if (all === undefined) return errors;
    return [...errors, ...(areBlocking(errors) ? [UNCHECKED] : validateByRules(object, old, all))];
  };
  return {
    defaults: (object) => withDefaultsOf(object, schema),
    ...(hasStatus ? { prepareForCreate: withoutStatus, prepareForStatusUpdate: withStatusOf } : {}),
    validate: (object) => {
      const errors: FieldError[] = [];
      validateObjectMeta(object.metadata, metadata, errors);
      return [...errors, ...content(object)];
    },
    validateUpdate: (object, old) => {
      const errors: FieldError[] = [];
      validateObjectMetaUpdate(object.metadata, old.metadata, errors, 'metadata', false);
      return [...errors, ...content(object, old)];
    },
    validateStatusUpdate: content,
    hasGeneration: true,
    hasStatus,
    allowUnconditionalUpdate: false,
  };
}

function withoutStatus(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  return rest;
}

/** Nothing but the status, not even labels (registry/customresource/status_strategy.go). */
const withStatusOf = (object: KubeObject, old: KubeObject): KubeObject => {
  const { status } = object as KubeObject & { readonly status?: unknown };
  return status === undefined ? withoutStatus(old) : ({ ...old, status } as KubeObject);
};

/** metadata has rules of its own; what a schema says of it (name, generateName) is beside them. */
const withoutMetadata = ({ metadata, ...rest }: KubeObject): object => ({ ...rest, metadata: { name: metadata.name ?? '' } });
function withoutMetadataSchema(schema: CustomSchema): CustomSchema {
  const metadata = schema.properties?.['metadata']?.properties?.['name'];
  return {
    ...schema,
    properties: { ...schema.properties, metadata: metadata === undefined ? { type: 'object' } : { type: 'object', properties: { name: metadata } } },
  };
}
