package journal

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// sourceKey is the key under which an imported note keeps where it came from.
const sourceKey = "source:"

// Source returns one raw value of what an imported note keeps under source, such
// as its url, or "".
func (inc *Incident) Source(key string) string {
	for _, x := range inc.Extra {
		if x.Parent != "" || !strings.HasPrefix(x.Text, sourceKey) {
			continue
		}
		var doc struct{ Source map[string]yaml.Node }
		if err := yaml.Unmarshal([]byte(x.Text), &doc); err != nil {
			return ""
		}
		if n := doc.Source[key]; n.Kind == yaml.ScalarNode {
			return n.Value
		}
	}
	return ""
}
