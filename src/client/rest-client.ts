/** Verbs on a Transport, as client-go's RESTClient. */
export type RestClient = Record<string, never>;
