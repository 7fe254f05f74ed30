// EskerFormat
