// Esker
