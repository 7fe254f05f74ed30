// EskerLog
