// EskerQuery
