# Certificates for scripts, made by the openssl command: sourced. Everything goes into the folder
# that make_certificates is given: ca, server, client, other-ca, stranger, self-signed,
# wrong-name, wrong-use; each as NAME.pem with its key, and the CAs' certificates as NAME.crt.

# issue FOLDER NAME SUBJECT ISSUER EXTENSIONS...: a certificate; ISSUER is a name, or -.
issue() {
    local folder=$1 name=$2 subject=$3 issuer=$4
    shift 4
    local signed_by=()
    [ "$issuer" = - ] || signed_by=(-CA "$folder/$issuer.crt" -CAkey "$folder/$issuer.key")
    local extensions=() extension
    for extension; do extensions+=(-addext "$extension"); done
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj "$subject" "${signed_by[@]}" "${extensions[@]}" \
        -keyout "$folder/$name.key" -out "$folder/$name.crt" 2>/dev/null
    cat "$folder/$name.crt" "$folder/$name.key" >"$folder/$name.pem"
}

make_certificates() {
    local folder=$1 ca="basicConstraints=critical,CA:TRUE" leaf="basicConstraints=CA:FALSE"
    local server=extendedKeyUsage=serverAuth client=extendedKeyUsage=clientAuth
    local localhost=subjectAltName=DNS:localhost
    issue "$folder" ca "/CN=Test CA" - "$ca"
    issue "$folder" other-ca "/CN=Other CA" - "$ca"
    issue "$folder" server "/CN=server" ca "$leaf" "$server" "$localhost"
    issue "$folder" client "/O=Peers/CN=alice" ca "$leaf" "$client"
    issue "$folder" stranger "/CN=mallory" other-ca "$leaf" "$client"
    issue "$folder" self-signed "/CN=localhost" - "$leaf" "$localhost"
    issue "$folder" wrong-name "/CN=server" ca "$leaf" "$server" subjectAltName=DNS:elsewhere.test
    issue "$folder" wrong-use "/CN=server" ca "$leaf" "$client" "$localhost"
    openssl pkcs12 -export -in "$folder/client.pem" -passout pass:open -out "$folder/client.p12"
}
