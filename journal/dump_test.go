package journal

import (
	"encoding/json"
	"fmt"
)

// dump shows every field of an incident.
func dump(inc *Incident) string {
	b, err := json.MarshalIndent(inc, "", "  ")
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(b)
}
