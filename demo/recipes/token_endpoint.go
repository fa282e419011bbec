// Token endpoint for <sautikit-call-button>, with Go's standard library.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	lifetime  = 300  // seconds
	bodyLimit = 4096 // bytes
)

var (
	lines   = map[string]bool{"sales": true, "support": true} // names only: numbers stand in the configuration of the hook
	origins = map[string]bool{}                               // such as https://shop.example
	hook    = &http.Client{Timeout: 2 * time.Second}
)

type object = map[string]any

type wish struct {
	Line      string          `json:"line"`
	Renew     string          `json:"renew"`
	Context   json.RawMessage `json:"context,omitempty"`
	Challenge json.RawMessage `json:"challenge,omitempty"`
}

func main() {
	for _, name := range []string{"ALLOWED_ORIGINS", "SIGNING_KEY", "HOOK_URL", "HOOK_SECRET", "GATEWAY_URL", "SIP_DOMAIN"} {
		if os.Getenv(name) == "" {
			log.Fatalf("%s is missing", name)
		}
	}
	for _, origin := range strings.Fields(os.Getenv("ALLOWED_ORIGINS")) {
		origins[origin] = true
	}
	http.HandleFunc("/api/sip-token", tokenEndpoint)
	server := &http.Server{Addr: os.Getenv("LISTEN"), ReadTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Origin")
	if !origins[origin] { // whole origins, by equality
		answer(w, http.StatusForbidden, object{"error": "token-denied"})
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	switch r.Method {
	case http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPost:
		status, body := grant(w, r, origin)
		answer(w, status, body)
	default:
		w.Header().Set("Allow", "POST, OPTIONS")
		answer(w, http.StatusMethodNotAllowed, object{"error": "method-not-allowed"})
	}
}

func grant(w http.ResponseWriter, r *http.Request, origin string) (int, object) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return http.StatusRequestEntityTooLarge, object{"error": "bad-request"}
	}
	var asked wish
	if err != nil || json.Unmarshal(text, &asked) != nil {
		return http.StatusBadRequest, object{"error": "bad-request"}
	}
	if !lines[asked.Line] {
		return http.StatusNotFound, object{"error": "not-found"}
	}
	now := time.Now().Unix()
	old, renewed := sessionOf(asked.Renew)
	if old == nil {
		old = &session{Sid: randomID(), Sub: randomID()}
	}
	// Opaque ids only: everybody who holds a JWT can read it.
	token := sign(object{
		"iss": "shop", "sub": old.Sub, "iat": now, "exp": now + lifetime, "jti": randomID(), "sid": old.Sid,
	})
	sipURI := "sip:" + old.Sub + "@" + os.Getenv("SIP_DOMAIN")
	// The other end of the socket; behind a proxy of yours, what that proxy says, and nobody else.
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	status, said := tellHook(object{
		"event_id": randomID(), "token_sha256": sha256Hex(token), "renew_sha256": renewed,
		"line": asked.Line, "origin": origin, "sid": old.Sid, "sub": sipURI, "expires_in": lifetime,
		"remote_ip": address, "context": asked.Context, "challenge": asked.Challenge,
	})
	if status != http.StatusNoContent {
		return status, said
	}
	return http.StatusOK, object{
		"token": token, "expires_in": lifetime, "gateway_url": os.Getenv("GATEWAY_URL"), "sip_uri": sipURI,
	}
}

// The gateway asks the hook what a token is good for. Limits and opening hours are the hook's, and so is its no.
func tellHook(record object) (int, object) {
	body, _ := json.Marshal(record)
	request, err := http.NewRequest(http.MethodPost, os.Getenv("HOOK_URL")+"/grant", bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway, object{"error": "server-error"}
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("HOOK_SECRET"))
	request.Header.Set("Content-Type", "application/json")
	response, err := hook.Do(request)
	if err != nil {
		return http.StatusBadGateway, object{"error": "server-error"}
	}
	defer response.Body.Close()
	var said object
	switch response.StatusCode {
	case http.StatusNoContent:
		return http.StatusNoContent, nil
	case 200, 403, 404, 429, 503: // 200: the line is closed
		if json.NewDecoder(response.Body).Decode(&said) == nil {
			return response.StatusCode, said
		}
	}
	return http.StatusBadGateway, object{"error": "server-error"}
}

func sign(claims object) string {
	body, _ := json.Marshal(claims)
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(body)
	return signed + "." + mac(signed)
}

type session struct {
	Sid, Sub string
	Exp      int64
}

// The session of a token of ours that still lives, and the token's hash: in a call it goes on.
func sessionOf(token string) (*session, any) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(mac(parts[0]+"."+parts[1])), []byte(parts[2])) {
		return nil, nil
	}
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var old session
	if json.Unmarshal(body, &old) != nil || old.Exp <= time.Now().Unix() {
		return nil, nil
	}
	return &old, sha256Hex(token)
}

func mac(signed string) string {
	mac := hmac.New(sha256.New, []byte(os.Getenv("SIGNING_KEY")))
	mac.Write([]byte(signed))
	return encode(mac.Sum(nil))
}

func sha256Hex(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

func encode(data []byte) string {
	return base64.RawURLEncoding.EncodeToString(data)
}

func randomID() string {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return hex.EncodeToString(id)
}

func answer(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
