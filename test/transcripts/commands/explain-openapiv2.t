The older text of explain, made of the OpenAPI v2 document: types without names, a blank line after each field, no enums of their own.

  $ kubectl explain cronjob.spec.schedule --output=plaintext-openapiv2
  KIND:     CronJob
  VERSION:  batch/v1
  
  FIELD:    schedule <string>
  
  DESCRIPTION:
       The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron.
  $ kubectl explain pod.spec.containers.env.valueFrom --recursive --output plaintext-openapiv2
  KIND:     Pod
  VERSION:  v1
  
  RESOURCE: valueFrom <Object>
  
  DESCRIPTION:
       Source for the environment variable's value. Cannot be used if value is not
       empty.
  
       EnvVarSource represents a source for the value of an EnvVar.
  
  FIELDS:
     configMapKeyRef	<Object>
        key	<string>
        name	<string>
        optional	<boolean>
     fieldRef	<Object>
        apiVersion	<string>
        fieldPath	<string>
     resourceFieldRef	<Object>
        containerName	<string>
        divisor	<string>
        resource	<string>
     secretKeyRef	<Object>
        key	<string>
        name	<string>
        optional	<boolean>
  $ kubectl explain pod.spec.tolerations --output plaintext-openapiv2 | sed -n '4,5p;12,19p'
  RESOURCE: tolerations <[]Object>
  
  FIELDS:
     effect	<string>
       Effect indicates the taint effect to match. Empty means match all taint
       effects. When specified, allowed values are NoSchedule, PreferNoSchedule
       and NoExecute.
  
       Possible enum values:
       - `"NoExecute"`
  $ kubectl explain po.metadata.labels --output plaintext-openapiv2 | head -4
  KIND:     Pod
  VERSION:  v1
  
  FIELD:    labels <map[string]string>
  $ kubectl explain deploy.metadata.managedFields.fieldsV1 --output plaintext-openapiv2
  KIND:     Deployment
  VERSION:  apps/v1
  
  DESCRIPTION:
       FieldsV1 holds the first JSON version format as described in the "FieldsV1"
       type.
  
       FieldsV1 holds the first JSON version format as described in the "FieldsV1"
       type.
  $ kubectl explain pod.spec.conatiners --output plaintext-openapiv2
  error: field "conatiners" does not exist
  [1]
  $ kubectl explain hpa --api-version=autoscaling/v3 --output plaintext-openapiv2
  error: couldn't find resource for "autoscaling/v3, Kind=HorizontalPodAutoscaler"
  [1]
