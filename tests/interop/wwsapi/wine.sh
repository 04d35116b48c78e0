# Sourced by scripts that run Windows executables: the settings for Wine, and its folder of settings
# and system files (700 MB, made once in about ten seconds; $NETTCP_WINE, or the argument, names it).
wine=/usr/lib/wine/wine64

# use_wine FOLDER
use_wine() {
    export WINEPREFIX WINEARCH=win64 DISPLAY='' WINEDEBUG=${WINEDEBUG:--all}
    # No .NET, no browser, no menu entries in the user's desktop.
    export WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=d'
    mkdir -p "${NETTCP_WINE:-$1}"
    WINEPREFIX=$(cd "${NETTCP_WINE:-$1}" && pwd)
    # Wine's own server outlives what starts it, so it must not inherit the lock or our output.
    exec 8>"$WINEPREFIX/lock"
    flock 8
    if [ ! -e "$WINEPREFIX/ready" ]; then
        echo "setting up Wine in $WINEPREFIX"
        timeout 120 "$wine" wineboot --init 8>&- >"$WINEPREFIX/log" 2>&1 ||
            { cat "$WINEPREFIX/log" >&2; return 1; }
        touch "$WINEPREFIX/ready"
    fi
    exec 8>&-
}
