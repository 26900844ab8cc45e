package journal

import "strings"

// shellCommand is the command that the flags of a line belong to, read from left to
// right as far as the last flag.
type shellCommand struct {
	read int // the text up to here has been looked at
	name string
}

// commandFlag is a flag that takes a password on the command line.
type commandFlag struct {
	flag   string
	joined bool // -pS3cret; otherwise a space or nothing stands between
	pair   bool // user:password
}

var commandFlags = map[string][]commandFlag{
	"mysql": {{"-p", true, false}}, "mysqldump": {{"-p", true, false}}, "mysqladmin": {{"-p", true, false}},
	"mysqlimport": {{"-p", true, false}}, "mariadb": {{"-p", true, false}}, "mariadb-dump": {{"-p", true, false}},
	"redis-cli": {{"-a", false, false}},
	"curl":      {{"-u", false, true}, {"--user", false, true}, {"-U", false, true}, {"--proxy-user", false, true}},
	"sshpass":   {{"-p", false, false}},
	"login":     {{"-p", false, false}}, // docker login, podman login, az login
	"mongo":     {{"-p", false, false}}, "mongosh": {{"-p", false, false}}, "mongodump": {{"-p", false, false}},
	"mongorestore": {{"-p", false, false}},
	"ldapsearch":   {{"-w", false, false}}, "ldapmodify": {{"-w", false, false}}, "ldapadd": {{"-w", false, false}},
	"mosquitto_pub": {{"-P", false, false}}, "mosquitto_sub": {{"-P", false, false}},
	// They take the line over from a command before them: sshpass -p pw ssh -p 22.
	"ssh": nil, "scp": nil, "sftp": nil, "rsync": nil, "docker": nil, "kubectl": nil, "psql": nil,
}

// flag finds the password after the flag whose dash stands at i.
func (s *secretScan) flag(i int) (Secret, bool) {
	text := s.text
	if i > 0 && !isSpace(text[i-1]) {
		return Secret{}, false
	}
	if found, ok := s.namedFlag(i); ok {
		return found, true
	}
	for _, f := range commandFlags[s.commandAt(i)] {
		if !strings.HasPrefix(text[i:], f.flag) {
			continue
		}
		start := i + len(f.flag)
		if start == len(text) || f.joined && isSpace(text[start]) || len(f.flag) > 2 && !isBlank(text[start]) && text[start] != '=' {
			continue
		}
		if text[start] == '=' {
			start++
		}
		v := s.valueAt(start)
		if f.pair {
			n := strings.IndexByte(text[v.start:v.end], ':')
			if n < 0 {
				continue
			}
			v.start += n + 1
		}
		if value := text[v.start:v.end]; len(value) > 1 && value[0] != '-' && !isSample(value) {
			return Secret{"password", v.start, v.end}, true
		}
	}
	return Secret{}, false
}

// namedFlag finds the value after --password, --api-key and their like. After a blank
// it may also be the next word of a sentence about the flag.
func (s *secretScan) namedFlag(i int) (Secret, bool) {
	text := s.text
	end := i + runLength(text[i:], isTokenByte)
	if !strings.HasPrefix(text[i:], "--") || end == len(text) || !isBlank(text[end]) {
		return Secret{}, false
	}
	name, ok := credentialName(text[i:end])
	v := s.valueAt(end)
	value := text[v.start:v.end]
	if !ok || name.class > tokenKey || isSample(value) || value[0] == '-' || !v.quoted && isReference(value) {
		return Secret{}, false
	}
	ok = isGenerated(value) || name.class == passwordKey && (isTypedPassword(value) || v.quoted && !isProse(value))
	return Secret{name.kind, v.start, v.end}, ok
}

// commandAt is the command before i on its line and since the last | ; or &.
func (s *secretScan) commandAt(i int) string {
	for s.command.read < i {
		rest := s.text[s.command.read:i]
		n := strings.IndexAny(rest, " \t\n|;&")
		if n < 0 {
			n = len(rest)
		}
		word := strings.TrimLeft(rest[:n], "`'\"($")
		word = word[strings.LastIndexByte(word, '/')+1:]
		if _, known := commandFlags[word]; known {
			s.command.name = word
		}
		if n < len(rest) && !isBlank(rest[n]) {
			s.command.name = ""
		}
		s.command.read += n + 1
	}
	return s.command.name
}
