/** plugin/pkg/admission/network/defaultingressclass. */
import type { KubeObject } from '../../api/object.js';
import { newestDefault } from './default-storage-class.js';
import type { AdmissionPlugin } from './plugin.js';

type IngressLike = KubeObject & { readonly spec?: { readonly ingressClassName?: string } };

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  admit(object, _old, _attributes, { api }) {
    const ingress = object as IngressLike;
    if (ingress.spec?.ingressClassName !== undefined || ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return object;
    const found = newestDefault(api.list('ingressclasses.networking.k8s.io'), ['ingressclass.kubernetes.io/is-default-class']);
    return found === undefined ? object : { ...object, spec: { ...ingress.spec, ingressClassName: found.metadata.name } };
  },
};
