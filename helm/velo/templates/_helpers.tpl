{{- define "velo.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A release that is called like the chart doesn't say it twice. Short enough for "-management" behind it. */}}
{{- define "velo.fullname" -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "velo.managementName" -}}
{{- include "velo.fullname" . -}}-management
{{- end -}}

{{- define "velo.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{- define "velo.serviceAccountName" -}}
{{- default (ternary (include "velo.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* What never changes during a release's life: a workload's selector cannot. */}}
{{- define "velo.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "velo.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "velo.chart" . }}
{{- end -}}

{{- define "velo.labels" -}}
{{ include "velo.selectorLabels" . }}
{{ include "velo.commonLabels" . }}
{{- end -}}

{{/* The Pod of `helm test` is none of Velo's, so no Service may find it. */}}
{{- define "velo.testLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "velo.metadata" -}}
name: {{ include "velo.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "velo.labels" . | nindent 2 }}
{{- end -}}

{{- define "velo.manyReplicas" -}}
{{- if eq .Values.kind "Deployment" -}}
{{- if gt (int (ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled)) 1 -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/*
A line for each key of `config` that Velo reads only when it starts. What it doesn't know here is taken for one of these:
a restart too many is better than a change that has no effect. Keys may be nested or dotted, with dashes or without.
*/}}
{{- define "velo.fixedKeys" -}}
{{- $live := "^(lb\\.(strategy|backends|health|circuit|slowstart|draintimeout|panicthreshold|timeouts|connections|pools)|spring\\.cloud\\.gateway\\.server\\.webflux\\.(routes|defaultfilters)|strategy|backends|health|circuit)([.\\[]|$)" -}}
{{- range $key, $value := .value -}}
{{- $path := printf "%s%s" $.path $key | lower | replace "-" "" | replace "_" "" -}}
{{- if not (regexMatch $live $path) -}}
{{- if kindIs "map" $value -}}
{{- include "velo.fixedKeys" (dict "path" (printf "%s." $path) "value" $value) -}}
{{- else -}}
{{- printf "%s=%s\n" $path (toJson $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Everything that the schema cannot say, because it compares two values or names a better key. */}}
{{- define "velo.check" -}}
{{- $v := .Values -}}
{{- if eq (int $v.ports.http) (int $v.ports.management) -}}
{{- fail (printf "ports.http and ports.management must differ, both are %d" (int $v.ports.http)) -}}
{{- end -}}
{{- range $name, $key := dict "LB_PORT" "ports.http" "SERVER_PORT" "ports.http" "MANAGEMENT_SERVER_PORT" "ports.management" "LB_ADMIN_TOKEN" "admin.tokenSecret" -}}
{{- if hasKey $v.env $name -}}
{{- fail (printf "env.%s: set %s instead" $name $key) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $v.kind "DaemonSet") $v.autoscaling.enabled -}}
{{- fail "autoscaling.enabled: a DaemonSet has a Pod on each node and cannot be scaled; set kind to Deployment" -}}
{{- end -}}
{{- if and (ne $v.kind "DaemonSet") $v.ports.host -}}
{{- fail "ports.host needs kind DaemonSet: a second Pod of a Deployment on the same node could not have it" -}}
{{- end -}}
{{- if $v.autoscaling.enabled -}}
{{- if gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas) -}}
{{- fail (printf "autoscaling.minReplicas (%d) must not be above autoscaling.maxReplicas (%d)" (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if not (or $v.autoscaling.cpu $v.autoscaling.inFlight) -}}
{{- fail "autoscaling needs autoscaling.cpu or autoscaling.inFlight, both are 0" -}}
{{- end -}}
{{- if and $v.autoscaling.cpu (not (dig "requests" "cpu" "" (default dict $v.resources))) -}}
{{- fail "autoscaling.cpu is a share of resources.requests.cpu, which is not set" -}}
{{- end -}}
{{- end -}}
{{- if and (ne $v.tls.clientAuth "none") (not $v.tls.secret) -}}
{{- fail (printf "tls.clientAuth is %s but there is no tls.secret" $v.tls.clientAuth) -}}
{{- end -}}
{{- if and $v.ingress.tlsSecret (not $v.ingress.hosts) -}}
{{- fail "ingress.tlsSecret needs ingress.hosts" -}}
{{- end -}}
{{- end -}}
