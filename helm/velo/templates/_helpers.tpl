{{- define "velo.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "velo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A release that is called like the chart doesn't say it twice. */}}
{{- define "velo.fullname" -}}
{{- $name := include "velo.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "velo.serviceAccountName" -}}
{{- default (ternary (include "velo.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* What never changes during a release's life: a Deployment's selector cannot. */}}
{{- define "velo.selectorLabels" -}}
app.kubernetes.io/name: {{ include "velo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "velo.labels" -}}
{{ include "velo.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "velo.chart" . }}
{{- end -}}

{{/* Everything that the schema cannot say, because it compares two values or names a better key. */}}
{{- define "velo.check" -}}
{{- if ge (int .Values.preStopSeconds) (int .Values.terminationGracePeriodSeconds) -}}
{{- fail (printf "preStopSeconds (%d) must be less than terminationGracePeriodSeconds (%d): the drain follows it" (int .Values.preStopSeconds) (int .Values.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- if eq (int .Values.ports.http) (int .Values.ports.management) -}}
{{- fail (printf "ports.http and ports.management must differ, both are %d" (int .Values.ports.http)) -}}
{{- end -}}
{{- if and .Values.service.management.enabled (eq (int .Values.service.port) (int .Values.service.management.port)) -}}
{{- fail (printf "service.port and service.management.port must differ, both are %d" (int .Values.service.port)) -}}
{{- end -}}
{{- range $name, $key := dict "LB_PORT" "ports.http" "SERVER_PORT" "ports.http" "MANAGEMENT_SERVER_PORT" "ports.management" -}}
{{- if hasKey $.Values.env $name -}}
{{- fail (printf "env.%s: set %s instead, the probes and the Service follow it" $name $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
