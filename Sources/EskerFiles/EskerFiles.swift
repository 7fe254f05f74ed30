// EskerFiles
